import { randomUUID } from 'node:crypto';
import { ServiceError, toServiceError } from '../../core/errors.ts';
import { askWriter, isAnswering } from '../../store/live/ask-writer.ts';
import { readLiveState } from '../../store/live-state.ts';
import type { IndexSummary, ProjectSummary } from '../../verbs/reports.ts';

/** A wish that an index be brought up to date, by whoever can. */
export interface CurrentWish {
  readonly project: ProjectSummary;
  /** Longest time to wait, in milliseconds; `Infinity` for as long as it takes. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Brings the index up to date in this process; it stops in order when its signal says so. */
  readonly index: (signal: AbortSignal) => Promise<IndexSummary>;
}

/** A writer may end while it is asked, and another begin: more often than this nobody is that unlucky. */
const attempts = 5;

/**
 * Has an index brought up to date: by the process that keeps it current, or here where none does. Null when the time was over first.
 * Errors: those of the comparison, `index_busy` where a process writes that answers nobody.
 */
export async function bringCurrent({ project, timeoutMs, signal, index }: CurrentWish): Promise<IndexSummary | null> {
  const deadline = performance.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    const leftMs = Math.max(0, deadline - performance.now());
    try {
      if (!isAnswering(project.indexFolder)) return await within(leftMs, signal, index);
      const outcome = await askWriter(project.indexFolder, { id: randomUUID(), timeoutMs: leftMs, signal });
      if (outcome.kind === 'done') return outcome.report as IndexSummary;
      if (outcome.kind === 'late') return null;
    } catch (error) {
      const isTaken = toServiceError(error).code === 'index_busy' && isAnswering(project.indexFolder);
      if (!isTaken || attempt >= attempts) throw error;
    }
    if (attempt >= attempts) {
      throw new ServiceError(
        'index_busy',
        'The process that keeps this index current ends and begins again. Try later.',
      );
    }
  }
}

/** Runs it here until the time is over; what was recorded until then is kept. */
async function within(
  milliseconds: number,
  signal: AbortSignal,
  index: CurrentWish['index'],
): Promise<IndexSummary | null> {
  if (milliseconds === Infinity) return index(signal);
  const limit = AbortSignal.timeout(Math.ceil(milliseconds));
  try {
    const summary = await index(AbortSignal.any([signal, limit]));
    return summary.aborted ? null : summary;
  } catch (error) {
    if (limit.aborted && !signal.aborted) return null;
    throw error;
  }
}

/** What must be said of an index that could not be brought up to date in time. */
export function lagNotice({ name, indexFolder }: ProjectSummary, seconds: number): string {
  const live = readLiveState(indexFolder);
  const since = live?.pendingSince ?? null;
  const files = live === null || live.pendingFiles === 0 ? 'changes' : `${live.pendingFiles} changed files`;
  const lag = since === null ? 'Its files are still being compared.' : `There are ${files} waiting since ${since}.`;
  return `The index of ${name} was not brought up to date within ${seconds} s. ${lag}`;
}
