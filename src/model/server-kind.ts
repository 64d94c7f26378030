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
  /** What to do about a model that the server at an address does not have. */
  getModel(model: string, address: string): string;
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
  getModel: (model) => `Get it with \`ollama pull ${model}\`.`,
};
