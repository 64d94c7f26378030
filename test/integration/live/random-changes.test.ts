import { afterAll, expect, test } from 'vitest';
import { resolveChunkOptions } from '../../../indexer/chunk/chunk-options.ts';
import { ParsePool } from '../../../indexer/parse/parse-pool.ts';
import { runSequence } from '../../support/changes/change-sequence.ts';
import { memoryIndex } from '../../support/changes/open-index.ts';
import { HashEmbedder } from '../../support/hash-embedder.ts';

const parsers = new ParsePool({
  chunkOptions: resolveChunkOptions({}),
  threads: 2,
  quarantined: new Set(),
  onQuarantine: () => undefined,
});
const embedder = new HashEmbedder();
afterAll(() => parsers.close());

test('an index kept current is the same as a new one, after 200 random sequences of changes', async () => {
  for (let seed = 1; seed <= 200; seed++) {
    expect(await runSequence({ parsers, embedder, open: memoryIndex }, { seed })).toBe('');
  }
}, 120_000);
