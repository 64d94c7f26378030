import type { IndexReport } from '../../indexer/run/index-report.ts';

/** The report of a run that found nothing to do, changed where a test cares. */
export function indexReport(changes: Partial<IndexReport> = {}): IndexReport {
  return {
    files: 2,
    chunks: 5,
    symbols: 4,
    skipped: 0,
    degraded: 0,
    bytes: 2_048,
    ignored: 0,
    added: 0,
    changed: 0,
    removed: 0,
    unchanged: 2,
    parsed: 0,
    embedded: 0,
    repaired: 0,
    elapsedMs: 12,
    stages: { walk: 0, read: 0, parse: 0, chunk: 0, terms: 0, embed: 0, write: 0, background: 0 },
    aborted: false,
    notices: [],
    ...changes,
  };
}
