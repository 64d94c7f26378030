/** A kind of model server: how messages name it and what they tell people to do about it. */
export interface ServerKind {
  /** What it answers like: continues "does not answer like ". */
  readonly name: string;
  readonly exampleUrl: string;
  /** Flag that names the server's address. */
  readonly urlFlag: string;
  /** A sentence without its end: what to do where nothing listens. */
  readonly start: string;
  /** Where to look when it fails or is slow, as part of a sentence. */
  readonly look: string;
  /** What to do where memory is short, without the full stop. */
  readonly spareMemory: string;
  /** How a key is given, as part of a sentence; null for a server that knows none. */
  readonly setKey: string | null;
  /** The message for a model that the server lacks. */
  missing(missing: MissingModel): string;
}

/** A model that a server lacks. */
export interface MissingModel {
  readonly model: string;
  readonly server: { readonly label: string; readonly baseUrl: string };
  /** The server's own, on one line. */
  readonly words: string;
}

/** Ollama with its own protocol. */
export const ollamaServer: ServerKind = {
  name: 'Ollama',
  exampleUrl: 'http://127.0.0.1:11434',
  urlFlag: '--model-url',
  start: 'Start Ollama with `ollama serve`',
  look: '`ollama ps`',
  spareMemory: 'Choose a smaller model with --model, or free memory (`ollama stop` unloads a model)',
  setKey: null,
  missing: ({ model }) => `The model "${model}" is not installed. Get it with \`ollama pull ${model}\`.`,
};

/** Any server that speaks OpenAI's protocol: LM Studio, llama.cpp, vLLM, text-embeddings-inference, Ollama's own /v1. */
export const openaiServer: ServerKind = openaiKind({
  url: '--embedder-url',
  key: 'set LOREKEEP_EMBEDDER_KEY, or embedderKey',
  model: '--embedder',
});

/** The same where answers are written. */
export const openaiGenerator: ServerKind = openaiKind({
  url: '--generator-url',
  key: 'set LOREKEEP_GENERATOR_KEY, or generatorKey',
  model: '--model',
});

/** How a person sets up the use of a server: flags, and the beginning of the advice on keys. */
function openaiKind(flags: Readonly<Record<'url' | 'key' | 'model', string>>): ServerKind {
  return {
    name: 'an OpenAI-compatible server',
    exampleUrl: 'http://127.0.0.1:1234/v1',
    urlFlag: flags.url,
    start: 'Start the server (in LM Studio: Developer, Start server)',
    look: "the server's log",
    spareMemory: `Choose a smaller model with ${flags.model}, or have the server unload another`,
    setKey: `${flags.key} in your own configuration file, to one that it takes`,
    missing: ({ model, server, words }) =>
      `The server at ${server.label} does not offer the model "${model}" (${words}). Load it there, or choose one that ` +
      `${server.baseUrl}/models lists with ${flags.model} openai:<model>; if that page is missing, too, correct ${flags.url}.`,
  };
}
