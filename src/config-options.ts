/** Every option of Lorekeep, as resolved. */
export interface Config {
  readonly dataFolder: string;
  readonly modelUrl: string;
  readonly allowedHosts: readonly string[];
  readonly model: string;
  readonly embedder: string;
  readonly embedderUrl: string;
  readonly embedderKey: string;
  readonly maxCodeBytes: number;
  readonly maxDataBytes: number;
  readonly chunkCharacters: number;
  readonly workers: number;
  readonly memoryBudgetMb: number;
  readonly answerReadingSeconds: number;
  readonly answerTokens: number;
  readonly modelIdleTimeoutMs: number;
  readonly modelTotalTimeoutMs: number;
  readonly generatorUrl: string;
  readonly generatorKey: string;
  readonly modelAliases: readonly string[];
  readonly listenHost: string;
  readonly listenPort: number;
  readonly serverNames: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly apiKey: string;
  readonly apiKeyFile: string;
  readonly generationSlots: number;
  readonly queueLength: number;
  readonly requestsPerMinute: number;
  readonly reconcileSeconds: number;
  readonly answerCacheBytes: number;
  readonly auditContents: string;
}

export type OptionName = keyof Config;

/** What is known of an option before any value is read. */
export interface OptionSpec {
  /** How its text form (environment, flag) becomes a value; a `list` is separated by commas. */
  readonly kind: 'text' | 'number' | 'list';
  /** Command line flag without the dashes; null for none. */
  readonly flag: string | null;
  /**
   * Who may set it. A `user` option is refused in a project's own file: a repository that somebody else wrote must not
   * decide where code is sent or where data is written.
   */
  readonly trust: 'project' | 'user';
  /** True for a value that is never shown. */
  readonly isSecret?: boolean;
  readonly summary: string;
}

/** The option table: help texts, environment names, flags and the JSON Schema are made from it. */
export const optionTable: Readonly<Record<OptionName, OptionSpec>> = {
  dataFolder: {
    kind: 'text',
    flag: 'data',
    trust: 'user',
    summary: 'Folder that holds all index data.',
  },
  modelUrl: {
    kind: 'text',
    flag: 'model-url',
    trust: 'user',
    summary: 'Address of the Ollama server: http(s)://host:port, or unix:/path/to/socket.',
  },
  allowedHosts: {
    kind: 'list',
    flag: 'allow-host',
    trust: 'user',
    summary: 'Hosts other than this machine that code may be sent to.',
  },
  model: {
    kind: 'text',
    flag: 'model',
    trust: 'project',
    summary: 'Model that writes answers, as Ollama names it.',
  },
  embedder: {
    kind: 'text',
    flag: 'embedder',
    trust: 'project',
    summary:
      'What makes vectors for a new index: "builtin", "ollama:<model>", "openai:<model>" or "none" (search by words only).',
  },
  embedderUrl: {
    kind: 'text',
    flag: 'embedder-url',
    trust: 'user',
    summary:
      'Where "openai:<model>" is asked (LM Studio, llama.cpp, vLLM, …): http(s)://host:port/v1, or unix:/path/to/socket.',
  },
  embedderKey: {
    kind: 'text',
    // Other users of a machine can read the flags of a program.
    flag: null,
    trust: 'user',
    isSecret: true,
    summary: 'Key that the server at embedderUrl wants, if it wants one.',
  },
  maxCodeBytes: {
    kind: 'number',
    flag: 'max-code-bytes',
    trust: 'project',
    summary: 'Largest source file with a grammar that is indexed, in bytes.',
  },
  maxDataBytes: {
    kind: 'number',
    flag: 'max-data-bytes',
    trust: 'project',
    summary: 'Largest data file or file of unknown format that is indexed, in bytes.',
  },
  chunkCharacters: {
    kind: 'number',
    flag: 'chunk-characters',
    trust: 'project',
    summary: 'Size that chunks aim at, in non-blank characters.',
  },
  workers: {
    kind: 'number',
    flag: 'workers',
    trust: 'user',
    summary: 'Threads that parse files while indexing.',
  },
  memoryBudgetMb: {
    kind: 'number',
    flag: 'memory-budget-mb',
    trust: 'user',
    summary:
      'Memory that indexing should stay within, in megabytes: with less there are fewer threads and smaller batches.',
  },
  answerReadingSeconds: {
    kind: 'number',
    flag: 'answer-reading-seconds',
    trust: 'user',
    summary: 'Evidence for an answer is what the model reads in about this many seconds.',
  },
  answerTokens: {
    kind: 'number',
    flag: 'answer-tokens',
    trust: 'user',
    summary: 'Longest answer to ask of the model, in tokens.',
  },
  modelIdleTimeoutMs: {
    kind: 'number',
    flag: 'model-idle-timeout-ms',
    trust: 'user',
    summary: 'Longest silence of the model server before it counts as hung, in milliseconds.',
  },
  modelTotalTimeoutMs: {
    kind: 'number',
    flag: 'model-total-timeout-ms',
    trust: 'user',
    summary: 'Longest time that one answer of a model server may take in all, in milliseconds.',
  },
  generatorUrl: {
    kind: 'text',
    flag: 'generator-url',
    trust: 'user',
    summary:
      'Where models named "openai:<model>" are asked for answers: http(s)://host:port/v1, or unix:/path/to/socket.',
  },
  generatorKey: {
    kind: 'text',
    flag: null,
    trust: 'user',
    isSecret: true,
    summary: 'Key that the server at generatorUrl wants, if it wants one.',
  },
  modelAliases: {
    kind: 'list',
    flag: 'model-alias',
    trust: 'user',
    summary: 'Further names of models for clients of `lorekeep serve`, as name=model.',
  },
  listenHost: {
    kind: 'text',
    flag: 'host',
    trust: 'user',
    summary: "Address that `lorekeep serve` listens on; another than this machine's own needs a key.",
  },
  listenPort: {
    kind: 'number',
    flag: 'port',
    trust: 'user',
    summary: 'Port that `lorekeep serve` listens on; 0 for any that is free.',
  },
  serverNames: {
    kind: 'list',
    flag: 'server-name',
    trust: 'user',
    summary: 'Further host names by which clients reach `lorekeep serve`; requests to other names are refused.',
  },
  allowedOrigins: {
    kind: 'list',
    flag: 'allow-origin',
    trust: 'user',
    summary: 'Web pages that may ask `lorekeep serve`, by origin, such as https://chat.example.',
  },
  tlsCert: {
    kind: 'text',
    flag: 'tls-cert',
    trust: 'user',
    summary: 'File with the certificate (PEM) that `lorekeep serve` shows; needs tlsKey, too.',
  },
  tlsKey: {
    kind: 'text',
    flag: 'tls-key',
    trust: 'user',
    summary: 'File with the private key (PEM) of that certificate.',
  },
  apiKey: {
    kind: 'text',
    flag: null,
    trust: 'user',
    isSecret: true,
    summary: 'A fixed key that `lorekeep serve` accepts, of at least 24 characters.',
  },
  apiKeyFile: {
    kind: 'text',
    flag: 'api-key-file',
    trust: 'user',
    summary: 'File that holds such a fixed key.',
  },
  generationSlots: {
    kind: 'number',
    flag: 'generation-slots',
    trust: 'user',
    summary: 'Answers that `lorekeep serve` has models write at once.',
  },
  queueLength: {
    kind: 'number',
    flag: 'queue-length',
    trust: 'user',
    summary: 'Requests that may wait for a model; more are refused with a time to try again.',
  },
  requestsPerMinute: {
    kind: 'number',
    flag: 'requests-per-minute',
    trust: 'user',
    summary: 'Requests that one key may make in a minute; 0 for as many as it likes.',
  },
  reconcileSeconds: {
    kind: 'number',
    flag: 'reconcile-seconds',
    trust: 'user',
    summary:
      'Seconds between two comparisons of all files with the index, beside the changes that are seen as they happen.',
  },
  answerCacheBytes: {
    kind: 'number',
    flag: 'answer-cache-bytes',
    trust: 'user',
    summary: 'Largest size of the cache of answers, in bytes; 0 for none.',
  },
  auditContents: {
    kind: 'text',
    flag: 'audit-contents',
    trust: 'user',
    summary: 'What of questions and answers the audit log holds: "hashes" or "all".',
  },
};

export const optionNames = Object.keys(optionTable) as OptionName[];

/** An option's value as it may be printed. */
export function shownValue(option: OptionName, values: Config): Config[OptionName] {
  if (optionTable[option].isSecret !== true) return values[option];
  return values[option] === '' ? 'not set' : 'set';
}

/** `maxCodeBytes` → `LOREKEEP_MAX_CODE_BYTES`. */
export function environmentName(option: OptionName): string {
  return `LOREKEEP_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
