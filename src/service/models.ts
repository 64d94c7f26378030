import { homedir } from 'node:os';
import type { Config } from '../config-options.ts';
import { ollamaLibrary } from '../model/library/ollama-library.ts';
import type { OllamaAddress } from '../model/ollama/ollama-api.ts';
import { readRecipe } from '../model/library/recipe.ts';
import { openOllama } from './embedders.ts';
import { modelControl } from '../verbs/models/model-control.ts';
import type { ModelControl } from '../verbs/models/model-control.ts';

/** Wires the verbs that manage the models of the Ollama server. Errors: `config_invalid`, `forbidden` for its address. */
export async function openModelControl(values: Config): Promise<ModelControl> {
  return modelControl({
    library: ollamaLibrary(ollamaAddress(values), await openOllama(values)),
    readRecipe: (path) => readRecipe(path, homedir()),
    server: values.modelUrl,
  });
}

/** Where Ollama is, as the options say. */
export function ollamaAddress({
  modelUrl,
  allowedHosts,
  modelIdleTimeoutMs,
  modelTotalTimeoutMs,
}: Config): OllamaAddress {
  return { modelUrl, allowedHosts, idleTimeoutMs: modelIdleTimeoutMs, totalTimeoutMs: modelTotalTimeoutMs };
}
