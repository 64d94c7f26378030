import type { Config } from '../config-options.ts';
import type { ModelServer } from '../core/gateway/model-server.ts';
import { routedServer } from '../model/servers/routed-server.ts';
import { openOllama } from './embedders.ts';

/** A model in the memory of a server. */
interface LoadedModel {
  readonly name: string;
  readonly windowTokens: number;
}

/** Every model server that the options name, as one. */
export interface ModelServers {
  readonly server: ModelServer;
  /** The models in Ollama's memory now. */
  loaded(signal?: AbortSignal): Promise<readonly LoadedModel[]>;
}

/**
 * Ollama, the OpenAI-compatible server and model files, by the beginning of a model's name. The latter two are opened when they are
 * first asked.
 */
export async function openModelServers(values: Config): Promise<ModelServers> {
  const ollama = await openOllama(values);
  const server = routedServer({
    ollama: () => ollama,
    openai: () => openOpenai(values),
    gguf: () => openGguf(values),
    // A server that is not running has no models to list; whoever asks for one of them is told why.
    report: () => undefined,
  });
  return { server, loaded: (signal) => ollama.loaded(signal) };
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

async function openGguf({ modelIdleTimeoutMs, modelTotalTimeoutMs, model }: Config): Promise<ModelServer> {
  const { GgufServer } = await import('../model/gguf/gguf-server.ts');
  return new GgufServer({
    files: model.startsWith('gguf:') ? [model.slice('gguf:'.length)] : [],
    idleTimeoutMs: modelIdleTimeoutMs,
    totalTimeoutMs: modelTotalTimeoutMs,
  });
}
