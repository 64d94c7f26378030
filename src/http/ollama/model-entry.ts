import type { ModelInfo } from '../../core/gateway/model-server.ts';

/** A JSON object as Ollama sent it. */
export type OllamaObject = Readonly<Record<string, unknown>>;

/** A model of another server as an entry of `/api/tags`. */
export function tagEntry(info: ModelInfo): OllamaObject {
  return {
    name: info.name,
    model: info.name,
    modified_at: info.modifiedAt,
    size: info.bytes,
    digest: info.digest,
    details: modelDetails(info),
  };
}

/** A model of another server as an entry of `/api/ps`: nobody says when such a server drops it, so it stays for a century. */
export function runningEntry(info: ModelInfo, now: Date): OllamaObject {
  const { name, model, size, digest, details } = tagEntry(info);
  const expires = new Date(now);
  expires.setUTCFullYear(expires.getUTCFullYear() + 100);
  return {
    name,
    model,
    size,
    digest,
    details,
    expires_at: expires.toISOString(),
    size_vram: 0,
    context_length: info.windowTokens,
  };
}

/** What `/api/show` says of a model of another server. */
export function shownModel(info: ModelInfo): OllamaObject {
  // Clients send a suffix only where a template has a place for it.
  const template = info.capabilities.includes('insert') ? '{{ .Prompt }}{{ .Suffix }}' : '{{ .Prompt }}';
  return completedModel(
    {
      modelfile: `# ${info.name} runs at ${info.host}, which is no Ollama.\nFROM ${info.name}\n`,
      parameters: `${'num_ctx'.padEnd(30)} ${info.windowTokens}`,
      template,
      details: modelDetails(info),
      model_info: {},
      capabilities: [],
      modified_at: info.modifiedAt,
    },
    info,
  );
}

/**
 * What a server said of a model, with what clients read unguarded and old servers or files leave out. `name` is shown for the model where
 * it is given: Copilot Chat lists models under `general.basename`, and Ollama puts the asked name there for it, too.
 */
export function completedModel(shown: OllamaObject, info: ModelInfo, name?: string): OllamaObject {
  const given = objectOf(shown['model_info']);
  const architecture = textOf(given['general.architecture']) || info.family || 'unknown';
  const wanted = {
    'general.architecture': architecture,
    'general.basename': info.name,
    [`${architecture}.context_length`]: info.contextTokens,
  };
  const missing = Object.entries(wanted).filter(([key]) => !Object.hasOwn(given, key));
  const named = name === undefined ? {} : { 'general.basename': name };
  return {
    ...shown,
    model_info: { ...given, ...Object.fromEntries(missing), ...named },
    capabilities: [...new Set([...listOf(shown['capabilities']), ...info.capabilities])],
  };
}

function modelDetails({ family, parameterSize, quantization }: ModelInfo): OllamaObject {
  return {
    parent_model: '',
    format: '',
    family,
    families: family === '' ? null : [family],
    parameter_size: parameterSize,
    quantization_level: quantization,
  };
}

/** A value as an object, empty where it is none. */
export function objectOf(value: unknown): OllamaObject {
  return typeof value === 'object' && value !== null ? (value as OllamaObject) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
