import { decisionHeaders } from '../decision-headers.ts';
import { publicError } from '../errors/public-error.ts';
import { toServiceError } from '../../core/errors.ts';
import type { ServiceError } from '../../core/errors.ts';
import { startEvents } from '../first-event.ts';
import type { HttpContext } from '../http-parts.ts';
import { eventStream, eventStreamHeaders } from './event-stream.ts';
import type { StreamTiming } from './event-stream.ts';
import type { OpenAnswer } from './open-chat.ts';

/** How a protocol streams an answer. */
export interface StreamForm {
  readonly timing: StreamTiming;
  /** Server-sent events of the answer. */
  readonly pieces: (answer: OpenAnswer) => AsyncIterable<string>;
  /** The event that tells of an error when the head is sent already; nothing follows it. */
  readonly failure: (error: ServiceError) => string;
  /** What keeps a silent stream alive. */
  readonly pulse: string;
}

/** Streams an answer. Errors: what fails before the first event is thrown, so that it gets its own status. */
export async function eventReply(context: HttpContext, answer: OpenAnswer, form: StreamForm): Promise<Response> {
  const { events, close } = await startEvents(answer.events, form.timing.headMs);
  const { trace, signal } = context.get('request');
  const body = eventStream(form.pieces({ ...answer, events }), {
    pulse: form.pulse,
    pulseMs: form.timing.pulseMs,
    close,
    failure: (thrown) => {
      trace.error ??= toServiceError(thrown).code;
      return form.failure(publicError(thrown, { id: trace.id, signal }));
    },
  });
  return context.body(body, 200, { ...eventStreamHeaders, ...headersOf(answer) });
}

/** A whole answer as JSON, with what was decided in its head. */
export function jsonReply(context: HttpContext, body: object, answer: OpenAnswer): Response {
  return context.json(body, 200, headersOf(answer));
}

function headersOf(answer: OpenAnswer): Readonly<Record<string, string>> {
  const decision = answer.decision();
  return decision === null ? {} : decisionHeaders(decision);
}
