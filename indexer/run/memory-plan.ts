import { availableParallelism } from 'node:os';

/** How indexing keeps within a budget of memory. */
export interface MemoryPlan {
  /** Parser threads. */
  readonly threads: number;
  /** Bytes of files that may be in work or wait for a slower one before them. */
  readonly windowBytes: number;
  /** Chunks in one write to the store, at most. */
  readonly batchChunks: number;
  /** Above so many bytes in the whole process, parser threads are replaced by new ones. */
  readonly recycleBytes: number;
}

/** What a process takes without parser threads, and each of them, in megabytes: as measured, with the smallest batches. */
const withoutParsersMb = 290;
const perThreadMb = 100;
const defaultBudgetMb = 1200;
const mostThreads = 8;
/** Threads are replaced before the budget is reached, since those that stay go on. */
const recycleShare = 0.85;
const windowMb = { least: 4, most: 32 };
const batch = { least: 512, most: 4096 };
/** With so much more than one thread needs, windows and batches have their full size. */
const roomyMb = 400;

/** The plan for a budget in megabytes, with at most so many threads: by default one per core, at most 8. */
export function memoryPlan(
  budgetMb = defaultBudgetMb,
  threads = Math.min(mostThreads, availableParallelism()),
): MemoryPlan {
  const forThreadsMb = budgetMb - withoutParsersMb;
  const share = Math.min(1, Math.max(0, (forThreadsMb - perThreadMb) / roomyMb));
  const between = ({ least, most }: { least: number; most: number }): number => least + share * (most - least);
  return {
    threads: Math.max(1, Math.min(threads, Math.floor(forThreadsMb / perThreadMb))),
    windowBytes: Math.round(between(windowMb) * 2 ** 20),
    batchChunks: Math.round(between(batch)),
    recycleBytes: Math.round(budgetMb * recycleShare * 1e6),
  };
}
