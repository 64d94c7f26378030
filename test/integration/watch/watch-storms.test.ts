import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { WatchBackend } from '../../../indexer/watch/watch-message.ts';
import { addFiles, fileTree } from '../../support/file-tree.ts';
import { changeSomething, seededRandom } from '../../support/random-changes.ts';
import { TestWatch } from '../../support/watched-project.ts';

const opened: TestWatch[] = [];

afterEach(async () => {
  for (const watch of opened.splice(0)) {
    await watch.close();
    rmSync(watch.root, { recursive: true, force: true });
  }
});

async function open(files: Readonly<Record<string, string>>, backend: WatchBackend = 'folders'): Promise<TestWatch> {
  const watch = new TestWatch(fileTree(files));
  opened.push(watch);
  return await watch.open({ backend });
}

function manyFiles(count: number, text: string): Record<string, string> {
  const names = Array.from({ length: count }, (_, at) => `src/m${at % 20}/p${at % 250}/f${at}.ts`);
  return Object.fromEntries(names.map((name) => [name, text]));
}

/** A process of its own that rewrites every file below a folder. */
const rewrite = `
const { readdirSync, writeFileSync } = require('node:fs');
for (const entry of readdirSync(process.argv[1], { recursive: true, withFileTypes: true }))
  if (entry.isFile()) writeFileSync(entry.parentPath + '/' + entry.name, 'rewritten');`;

describe('watchProject under load', () => {
  it('covers every change of a checkout that removes and makes 5,000 files', async () => {
    const watch = await open(manyFiles(5000, 'before'));
    rmSync(join(watch.root, 'src'), { recursive: true });
    addFiles(watch.root, manyFiles(5000, 'after'));
    await watch.untilSame();
    expect(Math.max(...watch.pieces.map((paths) => paths.length))).toBeLessThanOrEqual(2000);
    // The new folders are watched as the old ones were.
    await watch.until('the storm is over', () => watch.doubts.includes('flood') || watch.pieces.length > 0);
    writeFileSync(join(watch.root, 'src/m3/p3/f3.ts'), 'later');
    await watch.untilSame();
  });

  it('loses nothing while the program that asked is busy for 4 seconds', async () => {
    const watch = await open(manyFiles(10_000, 'before'));
    const child = spawn(process.execPath, ['-e', rewrite, watch.root], { stdio: 'inherit' });
    const until = performance.now() + 4000;
    while (performance.now() < until);
    if (child.exitCode === null) await once(child, 'exit');
    await watch.untilSame();
    expect(watch.mirror.size).toBe(10_000);
  });

  it('waits until a piece is taken before it hands over the next', async () => {
    const watch = await open(manyFiles(3000, 'before'));
    for (const [path] of Object.entries(manyFiles(3000, ''))) writeFileSync(join(watch.root, path), 'after');
    const until = performance.now() + 1500;
    while (performance.now() < until);
    await watch.untilSame();
    // What came meanwhile is in one piece, beside what was on its way.
    expect(watch.pieces.length).toBeLessThanOrEqual(3);
  });

  it.each([
    ['folders', 300],
    ['chokidar', 150],
  ] as const)('covers random changes through %s', async (backend, count) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`Seed of the changes: ${seed}`);
    const random = seededRandom(seed);
    const watch = await open({ 'n0/n1/a.ts': '1', 'n2/b.ts': '2' }, backend);
    for (let done = 0; done < count; done++) {
      changeSomething(watch.root, random);
      if (random() < 0.05) await watch.untilSame();
    }
    await watch.untilSame();
    expect(watch.doubts).toEqual([]);
  });
});
