import type { CatalogueReader, FileRecord } from '../../core/catalogue.ts';
import type { VectorStore } from '../../core/vector-store.ts';
import type { StatusReport } from '../reports.ts';
import { broken, fine, warning } from './doctor-report.ts';
import type { Finding } from './doctor-report.ts';

/** An index to look at. */
export interface ExaminedIndex {
  /** Of its project. */
  readonly name: string;
  /** Throws where it cannot be opened. */
  readonly status: () => Promise<StatusReport>;
  /** How many files are not whole in it, see `brokenFiles`. Throws where its chunks cannot be read. */
  readonly brokenFiles: () => Promise<number>;
}

/** How an index is: readable, whole, complete, with nothing that fails. */
export async function checkIndex({ name, status, brokenFiles: count }: ExaminedIndex): Promise<Finding> {
  const { totals, lastCompletedRun, alarms, live } = await status();
  const incomplete = await count();
  const detail = `${name}: ${totals.files} files, ${totals.chunks} chunks`;
  const advice = `lorekeep index --project ${name}`;
  if (incomplete > 0) return broken(`${detail}; the chunks of ${incomplete} files are not all there`, advice);
  if (alarms.length > 0) return warning(`${detail}; ${alarms.map(({ message }) => message).join(' ')}`, advice);
  if (lastCompletedRun === null) return warning(`${detail}; no run has reached its end`, advice);
  if (live?.problem) return warning(`${detail}; keeping it current fails: ${live.problem}`, advice);
  if (totals.pending > 0 && live === null)
    return warning(`${detail}; ${totals.pending} files are on their way, and nobody brings them there`, advice);
  return fine(`${detail}, last run ${lastCompletedRun}`);
}

/**
 * How many served files have another number of chunks in the store than the catalogue says, and are not on their way there.
 * Files that change meanwhile are not counted.
 */
export async function brokenFiles(catalogue: CatalogueReader, store: VectorStore): Promise<number> {
  const before = servedAtRest(catalogue);
  const rows = new Map((await store.inventory()).map((entry) => [`${entry.file} ${entry.generation}`, entry.rows]));
  const suspects = before.filter(({ file, generation, chunks }) => (rows.get(`${file} ${generation}`) ?? 0) !== chunks);
  if (suspects.length === 0) return 0;
  const after = new Map(servedAtRest(catalogue).map(({ file, generation }) => [file, generation]));
  return suspects.filter(({ file, generation }) => after.get(file) === generation).length;
}

/** Files that are served and not on their way to the store. */
function servedAtRest(catalogue: CatalogueReader): readonly FileRecord[] {
  const pending = new Set(catalogue.pending().files.map(({ file }) => file));
  return catalogue
    .paths()
    .filter(({ file }) => !pending.has(file))
    .map(({ path }) => catalogue.file(path))
    .filter((record) => record !== null);
}
