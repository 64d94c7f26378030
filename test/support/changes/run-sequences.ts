import { resolveChunkOptions } from '../../../indexer/chunk/chunk-options.ts';
import { ParsePool } from '../../../indexer/parse/parse-pool.ts';
import { type SequenceOptions, type SequenceParts, runSequence } from './change-sequence.ts';

/** Parser threads for many sequences of changes. */
export function sequenceParsers(): ParsePool {
  const quarantined = new Set<string>();
  return new ParsePool({ chunkOptions: resolveChunkOptions({}), quarantined, onQuarantine: () => undefined });
}

/** Sequences that go on at a time: each mostly waits for its parser. */
const atOnce = 6;

/** Runs sequences with the seeds `first` to `last`; what the first ones with a difference say. */
export async function runSequences(
  parts: SequenceParts,
  { first, last, ...options }: { first: number; last: number } & Omit<SequenceOptions, 'seed'>,
): Promise<readonly string[]> {
  const failures: string[] = [];
  let next = first;
  const runSome = async (): Promise<void> => {
    while (next <= last && failures.length < 3) {
      const failure = await runSequence(parts, { ...options, seed: next++ });
      if (failure !== '') failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runSome));
  return failures;
}
