import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config-options.ts';
import type { ResolvedConfig } from '../config.ts';
import type { IndexIdentity } from '../core/catalogue.ts';
import type { Embedder, EmbedderIdentity } from '../core/embedding.ts';
import { RecentMap } from '../core/gateway/recent-map.ts';
import type { OllamaServer } from '../model/ollama/ollama-server.ts';
import { embedderOption } from '../store/index-identity.ts';

/** Room for the vectors of some 30 large projects; what was not used for longest goes first. */
const embeddingCacheBytes = 2_000_000_000;

/** The embedder for a run: the one that is asked for; when none is, the one that made the index. */
export async function documentEmbedder(
  { values, origins }: ResolvedConfig,
  made: IndexIdentity | null,
  report: (problem: string) => void,
): Promise<Embedder | null> {
  const isKept = origins.embedder === 'default' && made !== null;
  const asked = isKept ? embedderOption(made.embedder) : values.embedder;
  if (asked === 'none') return null;
  const embedder = await openEmbedder(asked, values);
  if (asked === 'builtin') return embedder;
  const { CachedEmbedder } = await import('../store/cache/embedding-cache.ts');
  const path = join(values.dataFolder, 'embeddings.sqlite');
  return new CachedEmbedder(embedder, { path, maxBytes: embeddingCacheBytes, now: () => Date.now(), report });
}

/** The embedder that made an index, for the questions to it. A server is asked once for a question that is asked again. */
export async function questionEmbedder(values: Config, made: EmbedderIdentity): Promise<Embedder> {
  const { matchingEmbedder } = await import('../store/matching-embedder.ts');
  const embedder = matchingEmbedder(await openEmbedder(embedderOption(made), values), made);
  return made.model === 'builtin' ? embedder : rememberingEmbedder(embedder);
}

/** Vectors of questions that are remembered. */
const rememberedQuestions = 500;

function rememberingEmbedder(embedder: Embedder): Embedder {
  const known = new RecentMap<string, Float32Array>(rememberedQuestions);
  return {
    identity: (signal) => embedder.identity(signal),
    embedDocuments: (texts, signal) => embedder.embedDocuments(texts, signal),
    async embedQuery(text, signal) {
      const vector = known.get(text) ?? (await embedder.embedQuery(text, signal));
      known.set(text, vector);
      return vector;
    },
    close: () => embedder.close?.(),
  };
}

/** The Ollama server that the options name. */
export async function openOllama(values: Config): Promise<OllamaServer> {
  const { OllamaServer } = await import('../model/ollama/ollama-server.ts');
  const { machineMemory } = await import('../model/ollama/free-memory.ts');
  const { vocabularyCounter } = await import('../model/tokens/vocabulary-counter.ts');
  return new OllamaServer({
    modelUrl: values.modelUrl,
    allowedHosts: values.allowedHosts,
    idleTimeoutMs: values.modelIdleTimeoutMs,
    totalTimeoutMs: values.modelTotalTimeoutMs,
    now: () => Date.now(),
    newId: () => randomUUID().slice(0, 8),
    freeMemory: machineMemory,
    vocabularyCounter,
  });
}

/** The embedder that a value of the `embedder` option names; what others take is not even loaded. */
export async function openEmbedder(option: string, values: Config): Promise<Embedder> {
  if (option === 'builtin') {
    const { BuiltinEmbedder } = await import('../model/builtin/builtin-embedder.ts');
    return new BuiltinEmbedder();
  }
  const model = option.replace(/^(ollama|openai):/, '');
  if (option.startsWith('openai:')) {
    const { createOpenaiClient } = await import('../model/openai/openai-client.ts');
    const { openaiEmbedder } = await import('../model/openai/openai-embedder.ts');
    const { embedderUrl, embedderKey, allowedHosts, modelIdleTimeoutMs } = values;
    const client = createOpenaiClient({ embedderUrl, embedderKey, allowedHosts, idleTimeoutMs: modelIdleTimeoutMs });
    return openaiEmbedder(client, model);
  }
  const { ollamaEmbedder } = await import('../model/ollama/ollama-embedder.ts');
  return ollamaEmbedder(await openOllama(values), model);
}
