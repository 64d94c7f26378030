import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SearchReport } from '../../../src/verbs/reports.ts';
import { SearchedProject } from '../../support/searched-project.ts';

/** Long enough that each function is a chunk of its own. */
function functionOf(name: string, word: string): string {
  const lines = Array.from(
    { length: 8 },
    (_, line) => `  const ${word}${line} = weigh(parcel, '${word} ${name} ${line}');`,
  );
  return `/** Tells the ${word} of a parcel. */\nexport function ${name}(parcel: Parcel): number {\n${lines.join('\n')}\n  return ${word}0;\n}\n`;
}

const postage = functionOf('postageOf', 'postage');
const customs = functionOf('customsOf', 'customs');
const insurance = functionOf('insuranceOf', 'insurance');
const path = 'src/fees.ts';
const source = `${postage}\n${customs}\n${insurance}`;

const files = { [path]: source, 'src/other.ts': functionOf('distanceOf', 'distance') };

/** Indexed once: most tests change files only. */
let project: SearchedProject;
beforeAll(async () => {
  project = await indexedProject();
});
afterAll(() => project[Symbol.asyncDispose]());
afterEach(() => {
  rmSync(project.root, { recursive: true });
  for (const [name, content] of Object.entries(files)) project.write(name, content);
});

async function indexedProject(): Promise<SearchedProject> {
  const made = new SearchedProject(files);
  made.age();
  await made.index();
  return made;
}

const absolute = (): string => join(project.root, path);

/** The place of a function in a report, with its text as the lines of the file there. */
function placeOf(report: SearchReport, name: string) {
  const hit = report.hits.find((one) => one.name === name && one.path === path);
  return hit && { startLine: hit.startLine, text: hit.text.trim() };
}

const isCurrent = { isCurrent: true, changed: [], pendingFiles: 0, pendingSince: null };
const isBehind = { isCurrent: false, changed: [path], pendingFiles: 1 };

describe('a file that has not changed', () => {
  it('is served as it was found', async () => {
    const report = await project.search('customsOf');
    expect(placeOf(report, 'customsOf')).toEqual({ startLine: 14, text: customs.trim() });
    expect(report.hits[0]).toMatchObject({ generation: 1 });
    expect(report.freshness).toMatchObject(isCurrent);
  });

  it('is served as it was found when only its time has changed', async () => {
    utimesSync(absolute(), 1_000_000, 1_000_000);
    const report = await project.search('customsOf');
    expect(report.hits[0]).toMatchObject({ name: 'customsOf', generation: 1 });
    expect(report.freshness).toMatchObject(isCurrent);
  });
});

describe('code that has changed since it was indexed', () => {
  it('is served from the lines it has moved to', async () => {
    project.write(path, `// One.\n// Two.\n${source}`);
    const told: unknown[] = [];
    const report = await project.search('customsOf', { onChanged: (...changed) => told.push(changed) });
    expect(placeOf(report, 'customsOf')).toEqual({ startLine: 16, text: customs.trim() });
    expect(report.hits[0]).toMatchObject({ file: null, generation: null });
    expect(report.freshness).toMatchObject({ ...isBehind, pendingSince: expect.any(String) });
    expect(told).toEqual([['shop', [path]]]);
  });

  it('is served as it reads now', async () => {
    const edited = customs.replace("'customs customsOf 3'", "'duties'");
    project.write(path, `// Moved, too.\n${postage}\n${edited}\n${insurance}`);
    const report = await project.search('customsOf');
    expect(placeOf(report, 'customsOf')).toEqual({ startLine: 15, text: edited.trim() });
  });

  it('is served with the definition that it lies in now', async () => {
    const inClass = source.replaceAll('export function ', '').replaceAll(/^(?=.)/gm, '  ');
    project.write(path, `export class Fees {\n${inClass}}\n`);
    const report = await project.search('customsOf');
    expect(report.hits[0]).toMatchObject({ name: 'customsOf', context: ['export class Fees'] });
  });

  it('is left out when it was deleted, and others stand in', async () => {
    project.write(path, `${postage}\n${insurance}`);
    const report = await project.search('customsOf parcel', { limit: 3 });
    expect(report.hits).toHaveLength(3);
    expect(report.hits.map(({ name }) => name)).not.toContain('customsOf');
    expect(report.hits.map(({ text }) => text).join('')).not.toContain('customs');
  });

  it('never becomes the same code twice', async () => {
    project.write(path, `${postage}\n${insurance.replace('insuranceOf 3', 'cover 3')}`);
    const report = await project.search('postageOf customsOf insuranceOf parcel', { limit: 9 });
    const places = report.hits.map((hit) => `${hit.path}:${hit.startLine}`);
    expect(new Set(places).size).toBe(places.length);
    expect(report.hits.map(({ name }) => name)).toEqual(expect.arrayContaining(['postageOf', 'insuranceOf']));
  });

  it('is noticed where size and time are the same and the time was not trusted', async () => {
    await using fresh = new SearchedProject({ [path]: source });
    await fresh.index();
    const file = join(fresh.root, path);
    const { atime, mtime } = statSync(file);
    writeFileSync(file, source.replace('customsOf 3', 'customsOf THREE'));
    utimesSync(file, atime, mtime);
    expect((await fresh.search('customsOf')).hits[0]?.text).toContain('customsOf THREE');
  });

  it('is noticed where a rename puts other content of the same size and time there', async () => {
    const { atime, mtime } = statSync(absolute());
    const aside = join(project.folder, 'aside.ts');
    writeFileSync(aside, source.replace('customsOf 3', 'customsOf THREE'));
    utimesSync(aside, atime, mtime);
    renameSync(aside, absolute());
    expect((await project.search('customsOf')).hits[0]?.text).toContain('customsOf THREE');
  });

  it('is read by its encoding, whatever that was', async () => {
    project.write(path, Buffer.from(`\ufeff${source.replace('customsOf 3', 'zölle 3')}`, 'utf16le'));
    const report = await project.search('customsOf');
    expect(placeOf(report, 'customsOf')).toEqual({
      startLine: 14,
      text: customs.replace('customsOf 3', 'zölle 3').trim(),
    });
  });

  it('is served from its beginning where the file was cut', async () => {
    truncateSync(absolute(), source.indexOf('customs5'));
    const report = await project.search('customsOf');
    const kept = report.hits.find((hit) => hit.path === path && hit.text.includes('customsOf 4'));
    expect(kept?.startLine).toBe(14);
    expect(source.slice(0, source.indexOf('customs5'))).toContain(kept?.text);
  });

  it('is left out where the file became empty, binary, or a secret', async () => {
    for (const content of ['', `${source}\0\0\0\0`, `${source}\n${key()}`]) {
      project.write(path, content);
      const report = await project.search('customsOf');
      expect(report.hits.filter((hit) => hit.path === path)).toEqual([]);
      expect(report.freshness).toMatchObject(isBehind);
    }
  });

  it('is found in a large file, too, which is read apart', async () => {
    const others = Array.from({ length: 1_200 }, (_, number) => functionOf(`fee${number}Of`, 'fee'));
    project.write(path, `${others.join('\n')}\n${source.replace('customsOf 3', 'customsOf THREE')}`);
    project.age();
    expect(statSync(absolute()).size).toBeGreaterThan(512_000);
    const report = await project.search('customsOf postageOf');
    expect(placeOf(report, 'customsOf')?.text).toContain('customsOf THREE');
    expect(placeOf(report, 'postageOf')?.text).toBe(postage.trim());
  });
});

/** A key that no one has, in the form of one. */
function key(): string {
  const base64 = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2';
  return `-----BEGIN PRIVATE KEY-----\n${base64}\n${base64}\n-----END PRIVATE KEY-----\n`;
}

describe('a file that is no longer there', () => {
  const expectGone = async (): Promise<void> => {
    const report = await project.search('customsOf parcel');
    expect(report.hits.length).toBeGreaterThan(0);
    expect(report.hits.filter((hit) => hit.path === path)).toEqual([]);
    expect(report.freshness).toMatchObject(isBehind);
  };

  it('gives no code: deleted', async () => {
    rmSync(absolute());
    await expectGone();
  });

  it('gives no code: renamed, which the index will follow', async () => {
    renameSync(absolute(), join(project.root, 'src/charges.ts'));
    await expectGone();
  });

  it('gives no code: a link in its place, inside the project or not', async () => {
    const kept = join(project.root, 'src/kept.ts');
    for (const target of [kept, join(project.folder, 'outside.ts')]) {
      writeFileSync(target, source);
      rmSync(absolute(), { force: true });
      symlinkSync(target, absolute());
      await expectGone();
    }
  });

  it('gives no code: a link in the place of its folder, with other files behind it', async () => {
    const outside = join(project.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'fees.ts'), source.replace('customsOf 3', 'stolen 3'));
    rmSync(join(project.root, 'src'), { recursive: true });
    symlinkSync(outside, join(project.root, 'src'));
    const report = await project.search('customsOf parcel');
    expect(report.hits).toEqual([]);
    expect(report.freshness.changed).toEqual([path, 'src/other.ts']);
  });

  it('gives no code: a folder in its place', async () => {
    rmSync(absolute());
    mkdirSync(absolute());
    await expectGone();
  });

  it('gives no code, and does not wait: a pipe in its place', async () => {
    rmSync(absolute());
    execFileSync('mkfifo', [absolute()]);
    await expectGone();
  });
});

describe('an index that moved on between search and check', () => {
  let moving: SearchedProject;
  beforeEach(async () => {
    moving = await indexedProject();
  });
  afterEach(() => moving[Symbol.asyncDispose]());

  it('serves what was found before as the file is now', async () => {
    const before = await moving.found('customsOf');
    const edited = source.replace('customsOf 3', 'customsOf THREE');
    moving.write(path, `// New.\n${edited}`);
    moving.age();
    await moving.index();
    const report = await moving.search('customsOf', { retriever: { search: async () => before } });
    expect(placeOf(report, 'customsOf')).toMatchObject({
      startLine: 15,
      text: expect.stringContaining('customsOf THREE'),
    });
    expect(report.freshness).toMatchObject(isCurrent);
  });

  it('knows a file that was deleted and made anew, whose generations begin anew, too', async () => {
    const before = await moving.found('customsOf');
    rmSync(join(moving.root, path));
    await moving.index();
    moving.write(path, source.replace('customsOf 3', 'customsOf THREE'));
    moving.age();
    await moving.index();
    const { catalogue } = await moving.open();
    expect(catalogue.file(path)?.generation).toBe(1);
    const report = await moving.search('customsOf', { retriever: { search: async () => before } });
    expect(placeOf(report, 'customsOf')?.text).toContain('customsOf THREE');
  });

  it('serves nothing of a file that it no longer serves', async () => {
    const before = await moving.found('customsOf');
    moving.write('.gitignore', 'src/fees.ts\n');
    await moving.index();
    const report = await moving.search('customsOf', { retriever: { search: async () => before } });
    expect(report.hits.filter((hit) => hit.path === path)).toEqual([]);
  });
});
