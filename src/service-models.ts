import { homedir } from 'node:os';
import type { Config } from './config-options.ts';
import { ollamaLibrary } from './model/library/ollama-library.ts';
import { readRecipe } from './model/library/recipe.ts';
import { modelControl } from './verbs/models/model-control.ts';
import type { ModelControl } from './verbs/models/model-control.ts';

/** Wires the verbs that manage the models of the Ollama server. Errors: `config_invalid`, `forbidden` for its address. */
export function openModelControl({ modelUrl, allowedHosts, modelIdleTimeoutMs }: Config): ModelControl {
  return modelControl({
    library: ollamaLibrary({ modelUrl, allowedHosts, idleTimeoutMs: modelIdleTimeoutMs }),
    readRecipe: (path) => readRecipe(path, homedir()),
    server: modelUrl,
  });
}
