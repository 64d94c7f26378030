import { setImmediate } from 'node:timers/promises';
import type { CatalogueWriter, FileRecord, SkippedFile } from '../../src/core/catalogue.ts';
import { parseInOrder } from '../parse/parse-in-order.ts';
import type { ParsePool } from '../parse/parse-pool.ts';
import { OutcomeCommitter } from '../run/commit-outcomes.ts';
import type { ProgressMeter } from '../run/index-progress.ts';
import type { IndexParts } from '../run/index-parts.ts';
import { planFiles, type Plan } from '../run/plan-files.ts';
import type { StageClock } from '../run/stage-clock.ts';
import type { StoreWriter } from '../run/store-writer.ts';
import { walkProject, type ProjectFiles } from '../run/walk-project.ts';
import { requireRoot } from '../walk/walk.ts';
import type { PathSet } from './path-set.ts';

/** What a reconciliation works with. */
export interface ReconciliationParts extends IndexParts {
  readonly pool: ParsePool;
  /** Bytes of files that may be in work or wait for a slower one before them. */
  readonly windowBytes: number;
  readonly storeWriter: StoreWriter;
  readonly meter: ProgressMeter;
  readonly clock: StageClock;
  readonly signal: AbortSignal;
  readonly startedAt: Date;
  readonly versionOf: (language: string) => string;
  readonly accepts?: (path: string) => boolean;
  /** Reads all files and compares their contents, whatever their stats say. */
  readonly byHash: boolean;
  /** What refreshes look at while it goes on: they know better. */
  readonly claims: PathSet;
}

/** What a reconciliation came to. */
export interface ReconciliationResult {
  /** Null when it was stopped during the walk. */
  readonly project: ProjectFiles | null;
  readonly counts: OutcomeCommitter['counts'];
  /** False when it was stopped. */
  readonly isComplete: boolean;
  /** Paths that refreshes have claimed although it, too, had something to say of them: to be looked at once more. */
  readonly contested: readonly string[];
}

const filesPerPage = 1000;
const noCounts = { added: 0, changed: 0, removed: 0, unchanged: 0, parsed: 0 };

/** Compares the whole project with the catalogue and records what differs. */
export async function reconcileProject(parts: ReconciliationParts): Promise<ReconciliationResult> {
  const { catalogue, signal, startedAt, claims, byHash } = parts;
  const project = await walkUnlessAborted(parts);
  if (project === null) return { project, counts: noCounts, isComplete: false, contested: [] };
  catalogue.writer.beginRun(startedAt.toISOString());
  const known = await knownFiles(catalogue.writer);
  const plan = planFiles(project.files, known, { versionOf: parts.versionOf, distrusts: () => byHash });
  const isClaimed = (path: string): boolean => claims.has(path);
  const committer = new OutcomeCommitter({ writer: catalogue.writer, known, startedAt, isClaimed });
  await parse(plan, committer, parts);
  const contested = signal.aborted ? [] : finish(project, { plan, committer }, parts);
  const counts = { ...committer.counts, unchanged: committer.counts.unchanged + plan.untouched };
  return { project, counts, isComplete: !signal.aborted, contested };
}

async function walkUnlessAborted(parts: ReconciliationParts): Promise<ProjectFiles | null> {
  const { matcher, meter, clock, signal } = parts;
  try {
    const project = await walkProject(matcher.fresh(), meter, parts);
    // It may have gone while it was walked: then nothing in it was found.
    requireRoot(matcher.root);
    clock.walked();
    return project;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** All files that the catalogue has. Others get their turn in between: 50,000 take half a second. */
async function knownFiles(writer: CatalogueWriter): Promise<ReadonlyMap<string, FileRecord>> {
  const known = new Map<string, FileRecord>();
  for (let last = ''; ;) {
    const page = writer.filesAfter(last, filesPerPage);
    for (const [path, record] of page) known.set((last = path), record);
    if (page.size < filesPerPage) return known;
    await setImmediate();
  }
}

async function parse(plan: Plan, committer: OutcomeCommitter, parts: ReconciliationParts): Promise<void> {
  const { meter, clock, signal, storeWriter, pool, windowBytes, catalogue } = parts;
  const bytes = plan.toRead.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > 0) catalogue.writer.requireRoom(bytes);
  meter.planned(plan.toRead.length, bytes);
  for await (const { planned, outcome, cost } of parseInOrder(plan.toRead, pool, { signal, windowBytes })) {
    clock.parsed(cost);
    meter.parsed(planned.bytes);
    if (committer.add(outcome)) await storeWriter.recorded(committer.flush(), signal);
  }
  const chunks = committer.flush();
  if (chunks > 0) await storeWriter.recorded(chunks, signal);
}

/** Records what is gone or left out; returns what is contested. */
function finish(
  project: ProjectFiles,
  { plan, committer }: { plan: Plan; committer: OutcomeCommitter },
  { catalogue, claims }: ReconciliationParts,
): readonly string[] {
  const { reader, writer } = catalogue;
  const found = [...project.skipped, ...committer.skipped];
  committer.drop(plan.gone);
  committer.flush(() => {
    const isClaimed = ({ path }: SkippedFile): boolean => claims.has(path);
    const kept = reader.skipped().filter(isClaimed);
    writer.setSkipped([...found.filter((file) => !isClaimed(file)), ...kept]);
  });
  const leftOut = found.filter(({ path }) => claims.has(path)).map(({ path }) => path);
  return [...new Set([...committer.claimed, ...leftOut])];
}
