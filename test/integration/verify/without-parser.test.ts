import { afterAll, beforeAll, expect, it } from 'vitest';
import { FilesNow } from '../../../src/verbs/verify/files-now.ts';
import type { Rechunk } from '../../../src/verbs/verify/rechunk.ts';
import { SearchedProject } from '../../support/searched-project.ts';

const path = 'src/fees.py';
/** Long enough to be a chunk of its own. */
const functionOf = (name: string, result: string): string =>
  `def ${name}(parcel):\n${`    ${name}_total = weigh(parcel) + ${name}_total\n`.repeat(8)}    return ${result}\n`;
const moved = functionOf('postage', 'parcel.weight * 3');
const edited = functionOf('customs', 'parcel.value * 0.2');

let project: SearchedProject;
beforeAll(async () => {
  project = new SearchedProject({
    [path]: `${moved}\n\n${edited}`,
  });
  await project.index();
  project.write(path, `# New.\n${moved}\n\n${edited.replace('0.2', '0.3')}`);
});
afterAll(() => project[Symbol.asyncDispose]());

it.each<readonly [string, Rechunk, boolean]>([
  [
    'does not start costs what it was needed for, not what has only moved',
    () => Promise.reject(new Error('No.')),
    true,
  ],
  ['may not show the file any more is heard', async () => ({ kind: 'none' }), false],
])('a parser that %s', async (_, rechunk, keepsMoved) => {
  const checked = await project.open();
  const files = new FilesNow({ root: project.root, limits: {}, rechunk, now: () => Date.now() });
  const report = await project.search('customs postage parcel', { projects: [{ ...checked, files }] });
  const shown = report.hits.map(({ text }) => text).join('');
  expect([shown.includes('0.2'), shown.includes('* 3')]).toEqual([false, keepsMoved]);
  expect(report.freshness.changed).toEqual([path]);
});
