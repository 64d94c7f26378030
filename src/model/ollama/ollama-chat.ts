import type { ChatRequest, ChatResponse } from 'ollama';
import { ServiceError } from '../../core/errors.ts';
import type { ModelEndpoint } from '../allowed-host.ts';
import type { RequestLimits } from '../transport/request-watch.ts';
import { checkedFetch } from '../checked-fetch.ts';
import { refuseRemoteModel, remoteHostOf } from '../cloud-model.ts';
import { readJsonLines } from '../json-answer.ts';
import { statusError } from '../model-error.ts';

/** A chat request; the two switches, which the library does not know yet, ask for an error where text would be cut. */
export type ChatCall = ChatRequest & { readonly truncate?: boolean; readonly shift?: boolean };

/** The server to ask. */
export interface ChatReach {
  readonly endpoint: ModelEndpoint;
  readonly allowedHosts: readonly string[];
  readonly limits: RequestLimits;
}

/**
 * The pieces of a streamed answer; the last has `done`, and a stream that ends without one is an error. Read here and
 * not by the library, which takes no signal and prints broken lines to the console.
 */
export async function* streamChat(
  reach: ChatReach,
  call: ChatCall,
  signal?: AbortSignal,
): AsyncGenerator<ChatResponse> {
  const { endpoint } = reach;
  const send = checkedFetch(endpoint, { limits: reach.limits, signal, model: call.model });
  const body = JSON.stringify({ ...call, stream: true });
  const headers = { 'content-type': 'application/json' };
  const response = await send(`${endpoint.baseUrl}/api/chat`, { method: 'POST', headers, body });
  for await (const line of readJsonLines(response, endpoint)) {
    if (typeof line['error'] === 'string') {
      throw statusError({ endpoint, status: 500, serverMessage: line['error'], model: call.model });
    }
    // Only now visible when a name was pointed elsewhere after the model was looked up.
    refuseRemoteModel(call.model, remoteHostOf(call.model, line), reach.allowedHosts);
    yield line as unknown as ChatResponse;
    if (line['done'] === true) return;
  }
  throw new ServiceError(
    'model_unavailable',
    `The model server at ${endpoint.label} ended the answer before it was complete. Its log says why.`,
  );
}
