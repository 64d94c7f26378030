import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A source of numbers from 0 to 1 that a seed decides. */
export type Random = () => number;

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Change = (root: string, random: Random) => void;

const changes: readonly Change[] = [
  (root, random) => write(anywhere(root, random, 4), `${random()}`),
  (root, random) => write(anywhere(root, random, 4), `${random()}`),
  (root, random) => appendFileSync(existing(root, random, 'file'), `${random()}`),
  (root, random) => truncateSync(existing(root, random, 'file'), 1),
  (root, random) => {
    const file = existing(root, random, 'file');
    writeFileSync(`${file}.tmp`, `${random()}`);
    renameSync(`${file}.tmp`, file);
  },
  (root, random) => moved(existing(root, random, 'file'), anywhere(root, random, 3)),
  (root, random) => moved(existing(root, random, 'folder'), anywhere(root, random, 3)),
  (root, random) => rmSync(existing(root, random, 'file')),
  (root, random) => rmSync(existing(root, random, 'folder'), { recursive: true }),
  (root, random) => mkdirSync(anywhere(root, random, 4), { recursive: true }),
  (root, random) => chmodSync(existing(root, random, 'file'), random() < 0.5 ? 0o600 : 0o644),
  (root, random) => {
    const folder = existing(root, random, 'folder');
    renameSync(folder, `${folder}~`);
    mkdirSync(folder);
    write(join(folder, 'again.ts'), `${random()}`);
  },
];

/**
 * Changes something below a folder, which must hold no link: a change through one would reach files of others. A change
 * that turns out to be impossible is none.
 */
export function changeSomething(root: string, random: Random): void {
  entriesBelow(root);
  const change = changes[Math.floor(random() * changes.length)]!;
  try {
    change(root, random);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function moved(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

/** A path of few names, so that the same ones come again and again. */
function anywhere(root: string, random: Random, depth: number): string {
  const names = Array.from({ length: 1 + Math.floor(random() * depth) }, () => `n${Math.floor(random() * 4)}`);
  return join(root, ...names);
}

function existing(root: string, random: Random, kind: 'file' | 'folder'): string {
  const fitting = entriesBelow(root).filter((entry) => entry.isFolder === (kind === 'folder'));
  const entry = fitting[Math.floor(random() * fitting.length)];
  if (entry === undefined) throw Object.assign(new Error('there is none'), { code: 'ENOENT' });
  return entry.path;
}

/** All that is below a folder. Node's own recursive listing follows links, so this one refuses any. */
function entriesBelow(folder: string): { readonly path: string; readonly isFolder: boolean }[] {
  if (realpathSync(folder) !== folder) throw new Error(`${folder} is reached through a link.`);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) throw new Error(`${path} is a link: random changes must not meet any.`);
    return [{ path, isFolder: entry.isDirectory() }, ...(entry.isDirectory() ? entriesBelow(path) : [])];
  });
}
