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

/**
 * What a server says of an error: `{error: "…"}` (Ollama), `{error: {message, code}}` (OpenAI), or the inner part alone
 * (text-embeddings-inference, older vLLM).
 */
export function readError(body: string): { readonly serverMessage: string | null; readonly modelMissing: boolean } {
  const answer = parse(body);
  const error = answer['error'];
  const details = 'code' in answer ? answer : asRecord(error);
  const words = [error, details['message']].find((text) => typeof text === 'string');
  return { serverMessage: words ?? null, modelMissing: details['code'] === 'model_not_found' };
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(body));
  } catch {
    return {};
  }
}
