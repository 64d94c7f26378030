import { homedir } from 'node:os';
import type { Config } from '../config-options.ts';
import { ollamaLibrary } from '../model/library/ollama-library.ts';
import { readRecipe } from '../model/library/recipe.ts';
import { openOllama } from './embedders.ts';
import { modelControl } from '../verbs/models/model-control.ts';
import type { ModelControl } from '../verbs/models/model-control.ts';

/** Wires the verbs that manage the models of the Ollama server. Errors: `config_invalid`, `forbidden` for its address. */
export async function openModelControl(values: Config): Promise<ModelControl> {
  const { modelUrl, allowedHosts, modelIdleTimeoutMs } = values;
  const address = { modelUrl, allowedHosts, idleTimeoutMs: modelIdleTimeoutMs };
  return modelControl({
    library: ollamaLibrary(address, await openOllama(values)),
    readRecipe: (path) => readRecipe(path, homedir()),
    server: modelUrl,
  });
}
