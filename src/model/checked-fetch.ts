import type { ModelEndpoint } from './allowed-host.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { RequestLimits } from './bounded-fetch.ts';
import { asRecord } from './json-answer.ts';
import { statusError } from './model-error.ts';

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
    throw statusError({
      endpoint,
      status: response.status,
      serverMessage: serverMessage(await response.text()),
      model: reach.model,
    });
  };
}

function serverMessage(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    const error = asRecord(parsed)['error'];
    return typeof error === 'string' ? error : null;
  } catch {
    return null;
  }
}
