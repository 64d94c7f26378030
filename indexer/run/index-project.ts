import { LiveIndex } from '../live/live-index.ts';
import type { IndexOptions, IndexParts } from './index-parts.ts';
import type { IndexReport } from './index-report.ts';

/**
 * Brings an index up to date with its project, once: walk, plan, parse, record in the catalogue, embed, write to the store.
 * A file that fails is recorded as skipped or degraded and never stops the run. Throws what catalogue, store or embedder
 * throw; what was recorded until then is kept, and the next run goes on from there.
 */
export async function indexProject(parts: IndexParts, options: IndexOptions): Promise<IndexReport> {
  const live = new LiveIndex(parts, options);
  const { signal } = options;
  try {
    const report = await live.reconcile({ leavesOpen: true, ...(signal && { signal }) });
    // The parsers' memory is given back before the store needs some to tidy up.
    await live.rest();
    // Stopped: what is recorded is safe in the catalogue; where no server has to embed it, it also goes to the store.
    if (!report.aborted) await live.tidy(signal);
    else if (parts.embedder === null || parts.embedder.threads) await live.drain();
    const aborted = report.aborted || signal?.aborted === true;
    if (!aborted) live.completeRun();
    const { degraded } = parts.catalogue.reader.totals();
    const alarms = parts.catalogue.reader.alarms().map(({ message }) => message);
    return { ...report, ...live.costs(), degraded, aborted, notices: [...report.notices, ...alarms] };
  } finally {
    await live.close();
  }
}
