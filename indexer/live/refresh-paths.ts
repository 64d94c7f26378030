import type { CatalogueReader, SkippedFile } from '../../src/core/catalogue.ts';
import { parseInOrder } from '../parse/parse-in-order.ts';
import type { ParsePool } from '../parse/parse-pool.ts';
import { OutcomeCommitter } from '../run/commit-outcomes.ts';
import type { IndexParts } from '../run/index-parts.ts';
import { planFiles, type Plan } from '../run/plan-files.ts';
import type { StoreWriter } from '../run/store-writer.ts';
import { requireRoot } from '../walk/walk.ts';
import { compareTarget, type Comparison } from './compare-target.ts';
import { ExactNames } from './exact-names.ts';
import { PathSet } from './path-set.ts';
import { placeToLook } from './place-to-look.ts';
import type { RefreshReport } from './refresh-report.ts';
import { DiskView, type Sight } from './sight.ts';

/** What a refresh works with. */
export interface RefreshParts extends IndexParts {
  readonly pool: ParsePool;
  readonly storeWriter: StoreWriter;
  readonly signal: AbortSignal;
  now(): Date;
  readonly versionOf: (language: string) => string;
  readonly accepts?: (path: string) => boolean;
  /** True where the file system takes names of another case for the same. */
  readonly foldsNames: boolean;
  /** Told of each path before anything about it and what is below is recorded. */
  readonly claim: (path: string) => void;
}

/**
 * Brings the catalogue up to date with what is on disk now at some paths. In a small refresh all of it is one
 * transaction: a file that was moved is never seen twice, nor not at all. Throws when aborted.
 */
export async function refreshPaths(paths: Iterable<string>, parts: RefreshParts): Promise<RefreshReport> {
  const startedAt = parts.now();
  const { writer, reader } = parts.catalogue;
  requireRoot(parts.matcher.root);
  const sights = lookAt(paths, parts);
  const comparisons: Comparison[] = [];
  for (const sight of sights) comparisons.push(await compareTarget(sight, { ...parts, writer }));
  const { plan, known } = planned(sights, comparisons, parts);
  const committer = new OutcomeCommitter({ writer, known, startedAt });
  let chunks = 0;
  const record = async (more?: () => void): Promise<void> => {
    const recorded = committer.flush(more);
    chunks += recorded;
    if (recorded > 0) await parts.storeWriter.recordedUrgently(recorded, parts.signal);
  };
  for await (const { outcome } of parseInOrder(plan.toRead, parts.pool, { signal: parts.signal, isUrgent: true })) {
    if (committer.add(outcome)) await record();
  }
  parts.signal.throwIfAborted();
  // It may have gone while it was looked at: then nothing in it was found.
  if (plan.gone.length > 0) requireRoot(parts.matcher.root);
  committer.drop(plan.gone);
  const skipped = [...comparisons.flatMap((comparison) => comparison.skipped), ...committer.skipped];
  const under = sights.map(({ path }) => path);
  await record(sameSkipped(reader, skipped, under) ? undefined : () => writer.setSkipped(skipped, under));
  const { counts } = committer;
  return {
    ...counts,
    unchanged: counts.unchanged + plan.untouched,
    skipped: skipped.length,
    chunks,
    elapsedMs: parts.now().getTime() - startedAt.getTime(),
  };
}

/** What is at the paths, each part of the project once. */
function lookAt(paths: Iterable<string>, { matcher, foldsNames, claim }: RefreshParts): readonly Sight[] {
  const disk = new DiskView(matcher.root, new ExactNames(matcher.root, foldsNames));
  const found: Sight[] = [];
  for (const path of paths) {
    const place = placeToLook(path);
    if (place !== null) found.push(disk.look(place));
  }
  const covered = new PathSet();
  const sights: Sight[] = [];
  for (const sight of found.toSorted((left, right) => left.path.length - right.path.length)) {
    if (covered.has(sight.path)) continue;
    covered.add(sight.path);
    claim(sight.path);
    sights.push(sight);
  }
  return sights;
}

function planned(
  sights: readonly Sight[],
  comparisons: readonly Comparison[],
  { versionOf }: RefreshParts,
): { plan: Plan; known: Comparison['known'] } {
  const known = new Map(comparisons.flatMap((comparison) => [...comparison.known]));
  // Of a file named by itself somebody says that it has changed; its stat may not tell.
  const named = new Set(sights.flatMap(({ kind, path }) => (kind === 'file' ? [path] : [])));
  const entries = comparisons.flatMap((comparison) => comparison.entries);
  const plan = planFiles(entries, known, { versionOf, distrusts: (path) => named.has(path) });
  return { plan, known };
}

/** Most refreshes leave nothing out, and what is not written need not wait for the disk. */
function sameSkipped(reader: CatalogueReader, skipped: readonly SkippedFile[], under: readonly string[]): boolean {
  const written = under.flatMap((path) => reader.skipped(path));
  const texts = new Set(written.map(textOf));
  return written.length === skipped.length && skipped.every((file) => texts.has(textOf(file)));
}

function textOf({ path, reason, detail }: SkippedFile): string {
  return [path, reason, detail].join('\0');
}
