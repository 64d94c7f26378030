import type { CatalogueReader } from '../core/catalogue.ts';
import type { ProjectListing, ProjectSummary, StatusReport } from './reports.ts';

export interface StatusParts {
  readonly project: ProjectSummary;
  readonly catalogue: CatalogueReader;
  /** Bytes that the index takes on disk. */
  readonly diskBytes: number;
}

/** What is in an index now, what was left out, and how it is kept current. */
export function status({
  project,
  catalogue,
  diskBytes,
  live,
}: StatusParts & Pick<StatusReport, 'live'>): StatusReport {
  const embedder = catalogue.identity()?.embedder ?? null;
  return {
    project,
    totals: catalogue.totals(),
    diskBytes,
    embedder: embedder === null ? null : { model: embedder.model, dimension: embedder.dimension },
    lastCompletedRun: catalogue.lastCompletedRun(),
    live,
    alarms: catalogue.alarms(),
    skipped: catalogue.skipped(),
    degraded: catalogue.degraded(),
  };
}

/** One line of the list of projects. */
export function listing({ project, catalogue, diskBytes }: StatusParts): ProjectListing {
  const { files, chunks } = catalogue.totals();
  return {
    ...project,
    totals: { files, chunks },
    lastCompletedRun: catalogue.lastCompletedRun(),
    diskBytes,
    problem: null,
  };
}
