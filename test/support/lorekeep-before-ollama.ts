import { ollamaOf } from './ollama-of.ts';
import { serveOllama } from './ollama-routes.ts';
import { startOllama } from './ollama-server.ts';
import { passThroughGateway } from './pass-through-gateway.ts';

/** A real Ollama with Lorekeep's routes before it. */
export interface LorekeepBeforeOllama {
  /** Lorekeep's address. */
  readonly url: string;
  readonly ollamaUrl: string;
  /** Resolves when the next answer is over, in whatever way. */
  nextEnd(): Promise<void>;
  /** Stops Ollama alone. */
  stopOllama(): Promise<void>;
  close(): Promise<void>;
}

/** Ollama's own window: with another one it would load a model anew each time that it is asked directly in between. */
const maxWindowTokens = 4_096;

/** Starts both; nothing is looked up, and `deepseek-coder:7b` is an alias. */
export async function startLorekeepBeforeOllama({ ownModels = false } = {}): Promise<LorekeepBeforeOllama> {
  const ollama = await startOllama(ownModels ? 'copied' : 'shared');
  if (ollama === null) throw new Error('Ollama is not set up: run test/support/ollama-setup.sh');
  let waiting: (() => void)[] = [];
  const onEnd = (): void => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const aliases = { 'deepseek-coder:7b': 'deepseek-coder:6.7b' };
  const server = ollamaOf(ollama.url, { maxWindowTokens });
  const lorekeep = await serveOllama(passThroughGateway(server, { aliases: ownModels ? {} : aliases, onEnd }));
  return {
    url: lorekeep.url,
    ollamaUrl: ollama.url,
    nextEnd: () => new Promise((resolve) => waiting.push(resolve)),
    stopOllama: () => ollama.stop(),
    async close() {
      await lorekeep.close();
      await ollama.stop();
    },
  };
}
