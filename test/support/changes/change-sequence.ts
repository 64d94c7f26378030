import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveIndex } from '../../../indexer/live/live-index.ts';
import type { ParsePool } from '../../../indexer/parse/parse-pool.ts';
import { createIgnoreMatcher } from '../../../indexer/walk/walk.ts';
import type { Embedder } from '../../../src/core/embedding.ts';
import { exportIndex } from './export-index.ts';
import type { TestIndex } from './open-index.ts';
import { Random } from './random.ts';
import { RandomProject } from './random-project.ts';

/** What a sequence is made with. */
export interface SequenceParts {
  readonly parsers: ParsePool;
  readonly embedder: Embedder;
  open(folder: string): TestIndex | Promise<TestIndex>;
  /** Compares the two indexes in ways of its own; a sentence on what differs, '' if nothing. */
  compare?(live: TestIndex, fresh: TestIndex): Promise<string>;
}

/** How the index is told of changes. */
export interface SequenceOptions {
  readonly seed: number;
  /** No change is told; one comparison of all files at the end must do. */
  readonly dropsAll?: boolean;
}

/** In memory where there is such a folder: the disk is not what is tested. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const maxShownLines = 6;

/** Changes a project at random, keeps its index current, and compares that with a new one. '' when they are the same. */
export async function runSequence(parts: SequenceParts, options: SequenceOptions): Promise<string> {
  const world = realpathSync(mkdtempSync(join(place, 'lorekeep-changes-')));
  const root = join(world, 'project');
  mkdirSync(root);
  const random = new Random(options.seed);
  const project = new RandomProject(root, random);
  const index = await parts.open(join(world, 'live'));
  const fresh = await parts.open(join(world, 'fresh'));
  try {
    const live = liveIndex(root, index, parts);
    await live.reconcile();
    await (options.dropsAll ? changeUnseen(live, project, random) : changeSeen(live, project, random));
    await live.tidy();
    await live.close();
    await indexOnce(liveIndex(root, fresh, parts));
    const difference = differenceOf(await exportIndex(index), await exportIndex(fresh));
    const other = difference === '' ? ((await parts.compare?.(index, fresh)) ?? '') : difference;
    return other === '' ? '' : `seed ${options.seed}: ${other}\n${project.log.join('\n')}`;
  } finally {
    await index.close();
    await fresh.close();
    rmSync(world, { recursive: true, force: true });
  }
}

async function changeUnseen(live: LiveIndex, project: RandomProject, random: Random): Promise<void> {
  for (let count = 5 + random.below(20); count > 0; count--) project.change();
  await reconcile(live, project);
}

async function changeSeen(live: LiveIndex, project: RandomProject, random: Random): Promise<void> {
  const background: Promise<unknown>[] = [];
  let hasDropped = false;
  for (let count = 4 + random.below(14); count > 0; count--) {
    if (random.chance(0.1)) background.push(live.tidy());
    if (random.chance(0.12)) {
      await changeDuringReconciliation(live, project, random);
      hasDropped = false;
      continue;
    }
    const paths = Array.from({ length: 1 + random.below(3) }, () => project.change()).flat();
    if (random.chance(0.12)) hasDropped = true;
    else await live.refresh(paths);
  }
  await Promise.all(background);
  if (hasDropped) await reconcile(live, project);
}

/** Files change, and are refreshed, while a comparison of all of them goes on. */
async function changeDuringReconciliation(live: LiveIndex, project: RandomProject, random: Random): Promise<void> {
  project.log.push('(reconciliation begins)');
  const whole = reconcile(live, project);
  for (let count = random.below(6); count > 0; count--) {
    // Lets the comparison go on for a while.
    for (let turns = random.below(12); turns > 0; turns--) await new Promise(setImmediate);
    await live.refresh(project.change());
  }
  await whole;
  project.log.push('(reconciliation has ended)');
}

/** By content where a change was made that no stat tells. */
async function reconcile(live: LiveIndex, project: RandomProject): Promise<void> {
  await live.reconcile({ byHash: project.log.some((change) => change.startsWith('sameSizeSameTime')) });
}

function liveIndex(root: string, { catalogue, store }: TestIndex, { parsers, embedder }: SequenceParts): LiveIndex {
  const parts = { matcher: createIgnoreMatcher(root), catalogue, store, embedder };
  return new LiveIndex(parts, { now: () => new Date(), parsers });
}

async function indexOnce(live: LiveIndex): Promise<void> {
  await live.reconcile();
  await live.tidy();
  await live.close();
}

/** The first lines that differ between two exports, '' when they are the same. */
export function differenceOf(live: readonly string[], fresh: readonly string[]): string {
  const [liveLines, freshLines] = [new Set(live), new Set(fresh)];
  const extra = live.filter((line) => !freshLines.has(line));
  const missing = fresh.filter((line) => !liveLines.has(line));
  if (extra.length + missing.length === 0) return live.length === fresh.length ? '' : 'a line is there twice';
  const shown = [...extra.map((line) => `only live: ${line}`), ...missing.map((line) => `only fresh: ${line}`)];
  return shown
    .map((line) => line.slice(0, 300))
    .slice(0, maxShownLines)
    .join('\n');
}
