import { asRecord } from './json-answer.ts';

/** An error in a server's own words. */
export interface ToldError {
  /** Null when the answer is not in the form of its kind. */
  readonly serverMessage: string | null;
  /** True when the server says by a code of its own that it lacks the model. */
  readonly modelMissing: boolean;
}

/** What the body of an answer with an error status says. */
export function readError(body: string): ToldError {
  try {
    return toldError(asRecord(JSON.parse(body)));
  } catch {
    return { serverMessage: null, modelMissing: false };
  }
}

/**
 * What a server says of an error: `{error: "…"}` (Ollama), `{error: {message, code}}` (OpenAI), or the inner part alone
 * (text-embeddings-inference, older vLLM).
 */
export function toldError(answer: Readonly<Record<string, unknown>>): ToldError {
  const error = answer['error'];
  const details = 'code' in answer ? answer : asRecord(error);
  const words = [error, details['message']].find((text) => typeof text === 'string');
  return { serverMessage: withSizes(words, details), modelMissing: details['code'] === 'model_not_found' };
}

/** llama.cpp tells the sizes of a prompt that does not fit in fields of their own. */
function withSizes(words: string | undefined, details: Readonly<Record<string, unknown>>): string | null {
  const { n_prompt_tokens: prompt, n_ctx: window } = details;
  if (words === undefined || typeof prompt !== 'number' || typeof window !== 'number') return words ?? null;
  return `${words} (the prompt has ${prompt} tokens, the window ${window})`;
}
