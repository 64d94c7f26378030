import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { BuiltinEmbedder } from '../../src/model/builtin/builtin-embedder.ts';
import { CachedEmbedder } from '../../src/store/cache/embedding-cache.ts';
import { openaiEmbedderOf, startFakeOpenai } from '../support/fake-openai.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { HashEmbedder } from '../support/hash-embedder.ts';
import { embedderContract } from './embedder.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-embedder-'));
let openai: FakeServer | null = null;
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await openai?.[Symbol.asyncDispose]();
});

embedderContract('HashEmbedder', async () => new HashEmbedder());
embedderContract('CachedEmbedder', async () => {
  const path = join(folder, 'embeddings.sqlite');
  const report = (problem: string): void => {
    throw new Error(problem);
  };
  return new CachedEmbedder(new HashEmbedder(), { path, maxBytes: 1e6, now: () => 0, report });
});
embedderContract('BuiltinEmbedder', async () => new BuiltinEmbedder());
embedderContract('The embedder of OpenAI-compatible servers', async () => {
  openai = await startFakeOpenai();
  return openaiEmbedderOf(openai);
});
