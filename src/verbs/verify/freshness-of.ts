import type { Freshness } from '../../core/freshness.ts';
import type { CheckedProject } from './checked-project.ts';

/** A file that differs from the index. */
export interface DifferingFile {
  readonly path: string;
  /** When it was last written, in milliseconds since 1970; null where that is not known. */
  readonly writtenAt: number | null;
}

/** Freshness of an answer over projects: by what the request has seen itself, and by what those say that keep the indexes current. */
export function freshnessOf(projects: readonly CheckedProject[], differing: readonly DifferingFile[]): Freshness {
  const runs = projects.map(({ catalogue }) => catalogue.lastCompletedRun());
  const indexedAt = runs.every((run) => run !== null) ? (runs.toSorted()[0] ?? null) : null;
  const live = projects.map((project) => project.liveState()).filter((state) => state !== null);
  const pendingFiles = Math.max(
    differing.length,
    live.reduce((sum, state) => sum + state.pendingFiles, 0),
  );
  const told = live.map(({ pendingSince }) => pendingSince).filter((since) => since !== null);
  const seen = differing
    .map(({ writtenAt }) => (writtenAt === null ? '' : new Date(writtenAt).toISOString()))
    // One that was put there with an older time says nothing of when that was.
    .filter((at) => indexedAt !== null && at > indexedAt);
  const [pendingSince = null] = [...told, ...seen].toSorted();
  return {
    isCurrent: indexedAt !== null && pendingFiles === 0 && pendingSince === null,
    changed: differing.map(({ path }) => path).toSorted(),
    indexedAt,
    pendingFiles,
    pendingSince,
  };
}
