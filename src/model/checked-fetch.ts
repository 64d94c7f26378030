import type { ModelEndpoint } from './allowed-host.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { asRecord } from './json-answer.ts';
import { statusError } from './model-error.ts';
import type { RequestLimits } from './transport/request-watch.ts';

/** Which model is asked, and within which bounds. */
export interface Reach {
  readonly limits: RequestLimits;
  readonly signal?: AbortSignal | undefined;
  readonly model: string;
}

/**
 * A bounded fetch of one model server. Turns error statuses into ServiceErrors before the library sees them: its own
 * error class is not exported, and it writes to the console when an error is not JSON.
 */
export function checkedFetch(endpoint: ModelEndpoint, reach: Reach): typeof fetch {
  const send = boundedFetch(endpoint, reach.limits, reach.signal);
  return async (input, init) => {
    const response = await send(input, init);
    if (response.status === 200) return response;
    const { status } = response;
    throw statusError({ endpoint, status, model: reach.model, ...readError(await response.text()) });
  };
}

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
