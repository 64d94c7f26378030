import { availableParallelism } from 'node:os';

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
  readonly answerReadingSeconds: number;
  readonly answerTokens: number;
  readonly modelIdleTimeoutMs: number;
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
};

export const optionNames = Object.keys(optionTable) as OptionName[];

/** Values that hold when nobody says otherwise; the data folder follows from the environment (see config.ts). */
export const optionDefaults: Omit<Config, 'dataFolder'> = {
  modelUrl: 'http://127.0.0.1:11434',
  allowedHosts: [],
  model: 'deepseek-coder:6.7b',
  embedder: 'builtin',
  embedderUrl: 'http://127.0.0.1:1234/v1',
  embedderKey: '',
  maxCodeBytes: 10_000_000,
  maxDataBytes: 1_000_000,
  chunkCharacters: 560,
  workers: Math.max(1, Math.min(8, availableParallelism())),
  answerReadingSeconds: 20,
  answerTokens: 800,
  modelIdleTimeoutMs: 300_000,
};

/** An option's value as it may be printed. */
export function shownValue(option: OptionName, values: Config): Config[OptionName] {
  if (optionTable[option].isSecret !== true) return values[option];
  return values[option] === '' ? 'not set' : 'set';
}

/** `maxCodeBytes` → `LOREKEEP_MAX_CODE_BYTES`. */
export function environmentName(option: OptionName): string {
  return `LOREKEEP_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
