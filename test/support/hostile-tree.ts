import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Expectation, hostileKinds } from './hostile-kinds.ts';
import { randomFrom } from './random-from.ts';

export interface HostileTreeOptions {
  /** All files together, the hostile ones among them. */
  readonly files?: number;
  /** Between 0 and 1. */
  readonly hostileShare?: number;
  /** The same seed gives the same bytes. */
  readonly seed?: number;
}

export interface HostileTree {
  /** What to expect, by path as Lorekeep writes it. Paths that are not listed are ordinary source files. */
  readonly hostile: ReadonlyMap<string, Expectation>;
  readonly ordinaryFiles: number;
}

const filesPerFolder = 40;

/**
 * Builds a repository in an empty folder: ordinary source files, and among them what breaks indexers. Every kind of
 * hostile file is there in turn. `unreadable` ones are readable for root: run as another user.
 */
export function buildHostileTree(folder: string, options: HostileTreeOptions = {}): HostileTree {
  const { files = 5000, hostileShare = 0.05, seed = 1 } = options;
  const random = randomFrom(seed);
  const hostileFiles = Math.round(files * hostileShare);
  const hostile = new Map<string, Expectation>();
  for (let index = 0; hostile.size < hostileFiles; index++) {
    const place = `src/part${index % 20}`;
    mkdirSync(join(folder, place), { recursive: true });
    const build = hostileKinds[index % hostileKinds.length];
    for (const [path, expectation] of build?.({ root: folder, place, index, random }) ?? [])
      hostile.set(path, expectation);
  }
  const ordinaryFiles = files - hostile.size;
  for (let index = 0; index < ordinaryFiles; index++) writeOrdinaryFile(folder, index, random);
  return { hostile, ordinaryFiles };
}

function writeOrdinaryFile(root: string, index: number, random: () => number): void {
  const place = join(root, `src/module${Math.floor(index / filesPerFolder)}`);
  if (index % filesPerFolder === 0) mkdirSync(place, { recursive: true });
  const functions = Array.from({ length: 1 + Math.floor(random() * 12) }, (_, at) => {
    const name = `step${index}x${at}`;
    return index % 2 === 0
      ? `/** Adds ${at} to a count. */\nexport function ${name}(count: number): number {\n  return count + ${at};\n}\n`
      : `def ${name}(count):\n    """Adds ${at} to a count."""\n    return count + ${at}\n\n`;
  });
  writeFileSync(join(place, `file${index}.${index % 2 === 0 ? 'ts' : 'py'}`), functions.join('\n'));
}
