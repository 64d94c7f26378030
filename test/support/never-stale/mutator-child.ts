import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomFrom } from '../random-from.ts';
import { firstFiles, textOf, type MutatedFile } from './mutated-project.ts';
import type { VersionEntry } from './version-log.ts';

// A process of its own that changes the files of a project all the time, until its input ends. Then it puts all files back in place, and
// writes down what each path held when.
const [root = '', log = '', count = '12', seed = '1'] = process.argv.slice(2);
const random = randomFrom(Number(seed));
const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
const beside = join(dirname(root), 'aside');
const entries: VersionEntry[] = [];
const files = new Map(firstFiles(Number(count)).map((file) => [file.path, file]));
let isOver = false;
process.stdin.on('data', () => undefined).once('end', () => (isOver = true));

/** Does one change and logs what the paths hold behind it. */
function change(texts: Readonly<Record<string, string | null>>, act: () => void): void {
  const before = process.hrtime.bigint().toString();
  act();
  const after = process.hrtime.bigint().toString();
  for (const [path, text] of Object.entries(texts)) entries.push({ path, before, after, text });
}

const at = (path: string): string => join(root, path);

/** A new content by a temporary file and a rename, as editors and git do. */
function replace(path: string, text: string): void {
  writeFileSync(beside, text);
  // Some tools keep the time of what they copy; such a file must be noticed, too.
  if (random() < 0.2) utimesSync(beside, 1_600_000_000 + entries.length, 1_600_000_000 + entries.length);
  change({ [path]: text }, () => renameSync(beside, at(path)));
}

/** The same in place: for a moment the file is empty, and then shorter than it will be. */
function rewrite(path: string, text: string): void {
  change({ [path]: '' }, () => truncateSync(at(path), 0));
  // Each part lies within one page of memory, which readers see whole or not at all.
  for (let start = 0; start < text.length; start += 2_048) {
    const end = Math.min(text.length, start + 2_048);
    change({ [path]: text.slice(0, end) }, () => appendFileSync(at(path), text.slice(start, end)));
  }
}

function write(file: MutatedFile): void {
  files.set(file.path, file);
  (random() < 0.6 ? replace : rewrite)(file.path, textOf(file));
}

const edited = (file: MutatedFile, name: string): MutatedFile => ({
  ...file,
  functions: file.functions.map((one) => (one.name === name ? { ...one, edits: one.edits + 1 } : one)),
});

const actions: readonly ((file: MutatedFile) => void | Promise<void>)[] = [
  (file) => write(edited(file, pick(file.functions).name)),
  (file) => write({ ...file, lead: 1 + Math.floor(random() * 6) }),
  (file) => write({ ...file, functions: file.functions.toSorted(() => random() - 0.5) }),
  // A function goes, and comes back by a later change.
  (file) => replace(file.path, textOf({ ...file, functions: file.functions.slice(1) })),
  (file) => {
    const text = textOf(file);
    replace(file.path, text);
    const shorter = text.slice(0, text.indexOf('\n', Math.floor(random() * text.length)) + 1);
    change({ [file.path]: shorter }, () => truncateSync(at(file.path), shorter.length));
  },
  (file) => {
    replace(file.path, textOf(file));
    const line = `// The end of ${file.path}, ${entries.length}.\n`;
    change({ [file.path]: textOf(file) + line }, () => appendFileSync(at(file.path), line));
  },
  async (file) => {
    change({ [file.path]: null }, () => rmSync(at(file.path)));
    await pause(random() * 8);
    replace(file.path, textOf(file));
  },
  async (file) => {
    replace(file.path, textOf(file));
    const other = file.path.replace('file', 'renamed');
    change({ [file.path]: null, [other]: textOf(file) }, () => renameSync(at(file.path), at(other)));
    await pause(random() * 8);
    change({ [file.path]: textOf(file), [other]: null }, () => renameSync(at(other), at(file.path)));
  },
  async (file) => {
    writeFileSync(beside, textOf(file).replaceAll('total', 'stolen'));
    change({ [file.path]: null }, () => rmSync(at(file.path)));
    change({ [file.path]: null }, () => symlinkSync(beside, at(file.path)));
    await pause(random() * 8);
    change({ [file.path]: null }, () => rmSync(at(file.path)));
    change({ [file.path]: null }, () => mkdirSync(at(file.path)));
    await pause(random() * 8);
    change({ [file.path]: null }, () => rmSync(at(file.path), { recursive: true }));
    replace(file.path, textOf(file));
  },
];

for (const file of files.values()) {
  mkdirSync(dirname(at(file.path)), { recursive: true });
  change({ [file.path]: textOf(file) }, () => writeFileSync(at(file.path), textOf(file)));
}
process.stdout.write('ready\n');
while (!isOver) {
  await pick(actions)(pick([...files.values()]));
  // Requests meet files at rest as well as files in the middle of a change.
  if (random() < 0.5) await pause(random() * 12);
}
for (const file of files.values()) replace(file.path, textOf(file));
writeFileSync(log, JSON.stringify(entries));
