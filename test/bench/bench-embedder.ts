import type { Embedder } from '../../src/core/embedding.ts';
import { BuiltinEmbedder } from '../../src/model/builtin/builtin-embedder.ts';
import { ollamaEmbedder } from '../../src/model/ollama/ollama-embedder.ts';
import { ollamaOf } from '../support/ollama-of.ts';

/** The embedder that `--embedder` names: `builtin`, `none`, or `ollama:<model>` on this machine's default port. */
export function benchEmbedder(name: string): Embedder | null {
  if (name === 'none') return null;
  if (name.startsWith('builtin')) return new BuiltinEmbedder(...name.split(':').slice(1).map(Number));
  return ollamaEmbedder(ollamaOf('http://127.0.0.1:11434'), name.replace(/^ollama:/, ''));
}
