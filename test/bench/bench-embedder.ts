import type { Embedder } from '../../src/core/embedding.ts';
import { BuiltinEmbedder } from '../../src/model/builtin/builtin-embedder.ts';
import { createOllamaClient } from '../../src/model/ollama/ollama-client.ts';
import { ollamaEmbedder } from '../../src/model/ollama/ollama-embedder.ts';

/** The embedder that `--embedder` names: `builtin`, `none`, or `ollama:<model>` on this machine's default port. */
export function benchEmbedder(name: string): Embedder | null {
  if (name === 'none') return null;
  if (name.startsWith('builtin')) return new BuiltinEmbedder(...name.split(':').slice(1).map(Number));
  const client = createOllamaClient({ modelUrl: 'http://127.0.0.1:11434', allowedHosts: [] });
  return ollamaEmbedder(client, name.replace(/^ollama:/, ''));
}
