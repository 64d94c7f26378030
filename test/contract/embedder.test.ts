import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { CachedEmbedder } from '../../src/store/embedding-cache.ts';
import { HashEmbedder } from '../support/hash-embedder.ts';
import { embedderContract } from './embedder.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-embedder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

embedderContract('HashEmbedder', async () => new HashEmbedder());
embedderContract('CachedEmbedder', async () => {
  const path = join(folder, 'embeddings.sqlite');
  const report = (problem: string): void => {
    throw new Error(problem);
  };
  return new CachedEmbedder(new HashEmbedder(), { path, maxBytes: 1e6, now: () => 0, report });
});
