import type { RequestContext } from '../../core/gateway/exchange.ts';
import { toServiceError } from '../../core/errors.ts';
import type { Gateway } from '../../verbs/gateway/gateway.ts';
import { jsonType, linesType, printedError } from './answer.ts';

/** A call of Ollama that is made for a caller. */
export interface PassedCall {
  /** From `/api/` on. */
  readonly path: string;
  /** Undefined for a GET. */
  readonly body?: object;
}

/** Ollama's own answer; null where no Ollama is in use. Errors: `model_unavailable`, `aborted` and the like. */
export async function askOllama(
  gateway: Gateway,
  { path, body }: PassedCall,
  request: RequestContext,
): Promise<Response | null> {
  const sent =
    body === undefined
      ? { method: 'GET', headers: {}, body: null }
      : { method: 'POST', headers: jsonType, body: JSON.stringify(body) };
  try {
    return await gateway.forward({ path, ...sent }, request);
  } catch (error) {
    if (toServiceError(error).code === 'request_invalid') return null;
    throw error;
  }
}

/** Ollama's answer as ours: its status, type and body, and none of the headers that belong to its own connection. */
export function passedOn(response: Response, request: RequestContext): Response {
  const type = response.headers.get('content-type');
  const headers = type === null ? {} : { 'content-type': type };
  const isLines = type?.startsWith(linesType['content-type']) === true;
  const body = isLines && response.body !== null ? untilFailure(response.body, request) : response.body;
  return new Response(body, { status: response.status, headers });
}

const newline = 10;

/** Lines as they come; where they break off, the last one says so. */
function untilFailure(body: ReadableStream<Uint8Array>, request: RequestContext): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let lastByte = newline;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await reader.read();
        if (next.done) return controller.close();
        lastByte = next.value.at(-1) ?? lastByte;
        controller.enqueue(next.value);
      } catch (error) {
        const line = `${lastByte === newline ? '' : '\n'}${JSON.stringify(printedError(error, request))}\n`;
        controller.enqueue(new TextEncoder().encode(line));
        controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
