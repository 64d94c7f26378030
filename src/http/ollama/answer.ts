import { ServiceError } from '../../core/errors.ts';
import type { DecisionReport, Exchange, RequestContext } from '../../core/gateway/exchange.ts';
import type { ModelDelta, ModelDone, ModelEvent } from '../../core/gateway/model-server.ts';
import { decisionHeaders } from '../decision-headers.ts';
import { errorBody } from '../errors/error-reply.ts';
import { publicError } from '../errors/public-error.ts';
import { startEvents } from '../first-event.ts';
import type { AnswerPrinter } from './answer-line.ts';
import { lineStream } from './line-stream.ts';

/** An answer that is to be sent. */
export interface AnswerRequest {
  readonly request: RequestContext;
  readonly printer: AnswerPrinter;
  /** Whether the body spoke to Lorekeep: then the last object says what was decided. */
  readonly asksDecision: boolean;
  readonly isStreamed: boolean;
  /** Milliseconds without a line after which one is sent that says nothing. */
  readonly silenceMs: number;
  readonly open: () => Promise<Exchange>;
}

/** The type that Ollama's server gives its objects. */
export const jsonType = { 'content-type': 'application/json; charset=utf-8' };
export const linesType = { 'content-type': 'application/x-ndjson' };

/** Sends an answer. Errors that come before its first event (in time) are thrown; later ones are its last line. */
export async function sendAnswer(answer: AnswerRequest): Promise<Response> {
  const opened = openedLate(answer);
  return answer.isStreamed ? streamed(answer, opened) : joined(answer, opened);
}

/** Events of an exchange that is opened with the first of them: waiting for a free place counts as waiting for the first event. */
interface OpenedLate {
  readonly events: AsyncIterable<ModelEvent>;
  /** Null while it is not open. */
  decision(): DecisionReport | null;
}

function openedLate({ open }: AnswerRequest): OpenedLate {
  let exchange: Exchange | null = null;
  async function* events(): AsyncGenerator<ModelEvent> {
    exchange = await open();
    yield* exchange.events;
  }
  return { events: events(), decision: () => exchange?.decision ?? null };
}

async function streamed(answer: AnswerRequest, opened: OpenedLate): Promise<Response> {
  const { printer, silenceMs } = answer;
  const { hasBegun, events } = await startEvents(opened.events, silenceMs);
  const decision = opened.decision();
  const body = lineStream({
    events: endedByDone(events),
    print: (event) => (event.type === 'delta' ? printer.delta(event) : printer.done(event, reported(answer, opened))),
    printError: (error) => printedError(error, answer.request),
    printSilence: () => printer.delta({ type: 'delta', text: '' }),
    silenceMs,
    startsSilent: !hasBegun,
  });
  return new Response(body, { headers: { ...linesType, ...(decision === null ? {} : decisionHeaders(decision)) } });
}

async function joined(answer: AnswerRequest, opened: OpenedLate): Promise<Response> {
  const deltas: ModelDelta[] = [];
  for await (const event of endedByDone(opened.events)) {
    if (event.type === 'delta') deltas.push(event);
    else return joinedResponse(answer, opened, { deltas, end: event });
  }
  throw endless();
}

function joinedResponse(
  answer: AnswerRequest,
  opened: OpenedLate,
  { deltas, end }: { readonly deltas: readonly ModelDelta[]; readonly end: ModelDone },
): Response {
  const decision = opened.decision();
  const whole = answer.printer.whole(joinDeltas(deltas), end, reported(answer, opened));
  const headers = { ...jsonType, ...(decision === null ? {} : decisionHeaders(decision)) };
  return new Response(JSON.stringify(whole), { headers });
}

function reported({ asksDecision }: AnswerRequest, opened: OpenedLate): DecisionReport | undefined {
  return asksDecision ? (opened.decision() ?? undefined) : undefined;
}

function joinDeltas(deltas: readonly ModelDelta[]): ModelDelta {
  const extra: Record<string, unknown> = {};
  for (const [name, value] of deltas.flatMap((delta) => Object.entries(delta.extra ?? {}))) {
    // Lists such as `logprobs` hold what belongs to their piece; of other fields the last counts.
    const before = extra[name];
    extra[name] =
      Array.isArray(before) && Array.isArray(value) ? [...(before as unknown[]), ...(value as unknown[])] : value;
  }
  return {
    type: 'delta',
    text: deltas.map(({ text }) => text).join(''),
    thinking: deltas.map(({ thinking }) => thinking ?? '').join(''),
    toolCalls: deltas.flatMap(({ toolCalls }) => toolCalls ?? []),
    extra,
  };
}

/** Ends with `done` or an error, and with nothing behind it: clients wait for one of the two. */
async function* endedByDone(events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent> {
  for await (const event of events) {
    yield event;
    if (event.type === 'done') return;
  }
  throw endless();
}

function endless(): ServiceError {
  return new ServiceError('model_unavailable', 'The answer ended before it was complete. Ask again.');
}

/** An error as the last line of a stream. Its status is sent long since, so the audit hears of it here. */
export function printedError(thrown: unknown, { trace, signal }: RequestContext): object {
  const error = publicError(thrown, { id: trace.id, signal });
  trace.error ??= error.code;
  return errorBody('ollama', error);
}
