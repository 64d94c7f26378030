import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
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

async function open(files: Readonly<Record<string, string>>): Promise<TestWatch> {
  const watch = new TestWatch(fileTree(files));
  opened.push(watch);
  return await watch.open({ backend: 'folders' });
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
  it('covers every change of a checkout that removes and makes 1,500 files', async () => {
    const watch = await open(manyFiles(1500, 'before'));
    rmSync(join(watch.root, 'src'), { recursive: true });
    addFiles(watch.root, manyFiles(1500, 'after'));
    await watch.untilSame();
    expect(Math.max(...watch.pieces.map((paths) => paths.length))).toBeLessThanOrEqual(2000);
    // The new folders are watched as the old ones were.
    writeFileSync(join(watch.root, 'src/m3/p3/f3.ts'), 'later');
    await watch.untilSame();
  });

  it('loses nothing while the program that asked is busy', async () => {
    const watch = await open(manyFiles(2500, 'before'));
    // Holds up this thread until all is written.
    spawnSync(process.execPath, ['-e', rewrite, watch.root], { stdio: 'inherit' });
    await watch.untilSame();
    expect(watch.mirror.size).toBe(2500);
  });

  it('covers random changes', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    process.stdout.write(`Seed of the changes: ${seed}\n`);
    const random = seededRandom(seed);
    const watch = await open({ 'n0/n1/a.ts': '1', 'n2/b.ts': '2' });
    for (let done = 0; done < 300; done++) {
      changeSomething(watch.root, random);
      if (random() < 0.05) await watch.untilSame();
    }
    await watch.untilSame();
    expect(watch.doubts).toEqual([]);
  });
});
