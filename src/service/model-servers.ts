import type { Config } from '../config-options.ts';
import type { ModelServer } from '../core/gateway/model-server.ts';
import type { OllamaServer } from '../model/ollama/ollama-server.ts';
import { modelPrefixes, routedServer } from '../model/servers/routed-server.ts';
import { readAliases } from '../verbs/gateway/requested-model.ts';
import { openOllama } from './embedders.ts';

/** What stands before each server, for example a circuit breaker; `loaded` tells the models in its memory where it can. */
export type Wrap = (server: ModelServer, loaded: OllamaServer['loaded'] | null) => ModelServer;

/**
 * Ollama, the OpenAI-compatible server and model files, by the beginning of a model's name. The latter two are opened when they are
 * first asked.
 */
export async function openModelServers(values: Config, wrap: Wrap = (server) => server): Promise<ModelServer> {
  const ollama = await openOllama(values);
  const guarded = wrap(ollama, (signal) => ollama.loaded(signal));
  return routedServer({
    ollama: () => guarded,
    openai: async () => wrap(await openOpenai(values), null),
    gguf: async () => wrap(await openGguf(values), null),
    // A server that is not running has no models to list; whoever asks for one of them is told why.
    report: () => undefined,
  });
}

async function openOpenai(values: Config): Promise<ModelServer> {
  const { OpenaiServer } = await import('../model/openai/openai-server.ts');
  const { generatorUrl, generatorKey, allowedHosts } = values;
  return new OpenaiServer({
    generatorUrl,
    generatorKey,
    allowedHosts,
    idleTimeoutMs: values.modelIdleTimeoutMs,
    totalTimeoutMs: values.modelTotalTimeoutMs,
    now: () => Date.now(),
  });
}

async function openGguf(values: Config): Promise<ModelServer> {
  const { GgufServer } = await import('../model/gguf/gguf-server.ts');
  const { modelIdleTimeoutMs, modelTotalTimeoutMs } = values;
  return new GgufServer({
    files: ggufFiles(values),
    // Who may ask is not who may have any file of this machine looked at and run.
    onlyFiles: true,
    idleTimeoutMs: modelIdleTimeoutMs,
    totalTimeoutMs: modelTotalTimeoutMs,
  });
}

/** Paths of the model files that the configuration names. */
function ggufFiles({ model, modelAliases }: Config): readonly string[] {
  return [model, ...readAliases(modelAliases).values()]
    .filter((name) => name.startsWith(modelPrefixes.gguf))
    .map((name) => name.slice(modelPrefixes.gguf.length));
}
