import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DegradeReason, SkipReason } from '../../src/core/source-file.ts';
import { createSandbox } from './cli-process.ts';
import type { Sandbox } from './cli-process.ts';
import type { Expectation } from './hostile-kinds.ts';
import { buildHostileTree } from './hostile-tree.ts';
import type { HostileTree, HostileTreeOptions } from './hostile-tree.ts';

/** What `index --json` says, as far as the tests look at it. */
export interface IndexTold {
  readonly files: number;
  readonly skipped: number;
  readonly degraded: number;
  readonly parsed: number;
  readonly aborted: boolean;
}

/** What `status --skipped --json` says, as far as the tests look at it. */
export interface StatusTold {
  readonly files: number;
  readonly skippedFiles: number;
  readonly degradedFiles: number;
  readonly pending: number;
  readonly skipped: readonly { readonly path: string; readonly reason: SkipReason; readonly detail: string }[];
  readonly degraded: readonly { readonly path: string; readonly reason: DegradeReason }[];
}

/** A hostile repository in a sandbox. */
export interface HostileProject {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** What to expect of every path that is not ordinary. */
  readonly hostile: ReadonlyMap<string, Expectation>;
  readonly ordinaryFiles: number;
}

/** Root reads everything, unless these two of its rights are taken away. */
const dropRights = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];

/** The users to test as, each with the command that runs a command as that user. */
export function usersToTest(): readonly { readonly user: string; readonly runner: readonly string[] }[] {
  const isRoot = process.geteuid?.() === 0;
  const plain = { user: 'a user to whom permissions apply', runner: isRoot ? dropRights : [] };
  if (!isRoot) return [plain];
  const root = { user: 'root', runner: [] };
  const [program = '', ...args] = dropRights;
  return spawnSync(program, [...args, 'true']).status === 0 ? [plain, root] : [root];
}

/** Builds a hostile repository for a user; the caller removes the sandbox. */
export function createHostileProject(runner: readonly string[], options: HostileTreeOptions): HostileProject {
  const sandbox = createSandbox(runner);
  const folder = join(sandbox.home, 'code', 'hostile');
  const { hostile, ordinaryFiles } = buildHostileTree(folder, options);
  const odd = writeOddNames(folder);
  const readsAll = process.geteuid?.() === 0 && runner.length === 0;
  const all = new Map([...hostile, ...odd]);
  return { sandbox, folder, hostile: readsAll ? withoutLocks(all) : all, ordinaryFiles };
}

/** Names that are hard to write down, of files that are skipped, so that the lists carry them. */
function writeOddNames(folder: string): ReadonlyMap<string, Expectation> {
  const names = ['line\nbreak.dat', '-rf.dat', '"quoted".dat', 'escape\u001b[31m.dat'];
  for (const name of names) writeFileSync(join(folder, name), Buffer.alloc(100));
  return new Map(names.map((path) => [path, { state: 'skipped', reason: 'binary' }]));
}

/** For root nothing is locked: a locked file is like any other, and so is the one in a locked folder. */
function withoutLocks(hostile: HostileTree['hostile']): ReadonlyMap<string, Expectation> {
  const unlocked = [...hostile].map(([path, expectation]): [string, Expectation] => {
    if (expectation.state !== 'skipped' || expectation.reason !== 'unreadable') return [path, expectation];
    return [path.includes('/vault') ? `${path}/inside.ts` : path, { state: 'indexed' }];
  });
  return new Map(unlocked);
}

/** What became of paths, by what a status says of them. */
export function outcomesOf(status: StatusTold, hostile: HostileProject['hostile']): ReadonlyMap<string, Expectation> {
  const skipped = new Map(status.skipped.map(({ path, reason }) => [path, reason]));
  return new Map(
    [...hostile].map(([path, expected]): [string, Expectation] => {
      const reason = skipped.get(path);
      if (reason !== undefined) return [path, { state: 'skipped', reason }];
      const degraded = status.degraded.filter((file) => file.path === path).map((file) => file.reason);
      // A file can be degraded for several reasons; the one that is looked for counts.
      const told = degraded.find((one) => expected.state === 'degraded' && one === expected.reason) ?? degraded[0];
      return [path, told === undefined ? { state: 'indexed' } : { state: 'degraded', reason: told }];
    }),
  );
}
