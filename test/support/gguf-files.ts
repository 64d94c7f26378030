import { isOllamaSetUp, weightsOf } from './ollama-server.ts';

/** What a test without model files prints, once. */
export const ggufLeftOut =
  'Left out: the tests of models in GGUF files. `sh test/support/ollama-setup.sh` fetches small ones (about 5 minutes, once).';

/** The GGUF file of a small model, '' where test/support/ollama-setup.sh has not been run. */
export function ggufFile(name: 'smollm2' | 'all-minilm', tag: string): string {
  return isOllamaSetUp() ? weightsOf(name, tag) : '';
}
