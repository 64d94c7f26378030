import type { IndexProgress } from '../../indexer/run/index-progress.ts';
import type { IndexReport } from '../../indexer/run/index-report.ts';
import type { Alarm, IndexTotals, SkippedFile, DegradedFile } from '../core/catalogue.ts';
import type { LiveState } from '../core/live.ts';
import type { Freshness } from '../core/freshness.ts';
import type { SearchResult } from '../core/retrieval.ts';

/** Which projects a request is about; see `resolve` in the service for the order in which they are looked up. */
export interface ProjectSelection {
  /** Absolute path that counts when no project is named. */
  readonly currentFolder: string;
  /** Names or folders of projects, as the caller wrote them; empty for the current folder. */
  readonly named: readonly string[];
}

/** A project as its callers see it. */
export interface ProjectSummary {
  readonly name: string;
  /** Absolute path of the project's folder. */
  readonly root: string;
  /** Absolute path of its index data. */
  readonly indexFolder: string;
}

/** How far an indexing run is. */
export type RunProgress = IndexProgress;

/** Outcome of an indexing run; its totals are of the whole index. */
export interface IndexSummary extends IndexReport {
  readonly project: string;
  readonly root: string;
  /** Model that made the vectors, null for a lexical index. */
  readonly embedder: string | null;
}

/** State of a project's index, computed live. */
export interface StatusReport {
  readonly project: ProjectSummary;
  readonly totals: IndexTotals;
  /** Bytes that the index takes on disk. */
  readonly diskBytes: number;
  readonly embedder: { readonly model: string; readonly dimension: number } | null;
  /** ISO time, null when no run reached its end. */
  readonly lastCompletedRun: string | null;
  /** What the process that keeps the index current says of itself, null where none does. */
  readonly live: LiveState | null;
  /** What fails and needs somebody to look at it. */
  readonly alarms: readonly Alarm[];
  readonly skipped: readonly SkippedFile[];
  readonly degraded: readonly DegradedFile[];
}

/** What a search over one or several projects found. */
export interface SearchReport extends SearchResult {
  /** How up to date the places are; what is shown of a changed file is read from disk. */
  readonly freshness: Freshness;
  readonly projects: readonly string[];
  readonly elapsedMs: number;
}

/** A line of the list of projects. */
export interface ProjectListing extends ProjectSummary {
  /** Null when the index cannot be read; `problem` says why. */
  readonly totals: Pick<IndexTotals, 'files' | 'chunks'> | null;
  readonly lastCompletedRun: string | null;
  readonly diskBytes: number;
  readonly problem: string | null;
}

export interface RemovedProject extends ProjectSummary {
  /** Bytes on disk that were given back. */
  readonly freedBytes: number;
}
