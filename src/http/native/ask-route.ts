import type { z } from 'zod';
import type { Answer, Evidence } from '../../core/answer.ts';
import { ServiceError } from '../../core/errors.ts';
import type { DecisionReport, RequestContext } from '../../core/gateway/exchange.ts';
import type { GatewayAnswerEvent, GatewayQuestion } from '../../verbs/gateway/gateway.ts';
import { errorBody } from '../errors/error-reply.ts';
import { publicError } from '../errors/public-error.ts';
import { startEvents } from '../first-event.ts';
import type { HttpContext, HttpParts } from '../http-parts.ts';
import { lorekeepOptions } from '../lorekeep-options.ts';
import { readBody } from '../read-body.ts';
import { defaultTiming, eventStream, eventStreamHeaders, eventText } from '../v1/event-stream.ts';
import { askBody } from './native-schemas.ts';

/** `POST /lorekeep/ask`: one JSON object, or an event stream. */
export async function askRoute(context: HttpContext, { gateway }: HttpParts): Promise<Response> {
  const body = await readBody(context, askBody);
  const request = context.get('request');
  const events = gateway.ask(questionOf(context, body), request);
  const wantsStream = body.stream ?? (context.req.header('accept') ?? '').includes('text/event-stream');
  if (!wantsStream) return context.json(await wholeAnswer(events, request));
  const { headMs, pulseMs } = defaultTiming;
  const started = await startEvents(events, headMs);
  const failure = (thrown: unknown): string => failureEvent(thrown, request);
  const signs = { pulse: ': still here\n\n', pulseMs, failure, close: started.close };
  const stream = eventStream(eventTexts(started.events, request), signs);
  return new Response(stream, { headers: eventStreamHeaders });
}

function questionOf(context: HttpContext, body: z.infer<typeof askBody>): GatewayQuestion {
  const { question, model, path, language } = body;
  const { projects, files, cache, retrieve } = lorekeepOptions(context, {
    ...(body.project === undefined ? {} : { project: [body.project].flat() }),
    ...(body.files === undefined ? {} : { files: body.files }),
    ...(body.retrieve === undefined ? {} : { retrieve: body.retrieve }),
    ...(body.cache === undefined ? {} : { cache: body.cache }),
  });
  return {
    question,
    projects,
    files,
    retrieve,
    cache: cache ?? true,
    ...(model === undefined ? {} : { model }),
    ...(path === undefined ? {} : { path }),
    ...(language === undefined ? {} : { language }),
  };
}

async function wholeAnswer(events: AsyncIterable<GatewayAnswerEvent>, { trace }: RequestContext): Promise<object> {
  let decision: DecisionReport | null = null;
  let evidence: readonly Evidence[] = [];
  let answer: Answer | null = null;
  for await (const event of events) {
    if (event.type === 'decision') decision = event.decision;
    if (event.type === 'evidence') evidence = event.evidence;
    if (event.type === 'answer') answer = event.answer;
  }
  if (answer === null) throw new ServiceError('internal', 'The events ended without an answer.');
  return { ...answer, evidence, decision, usage: usageOf(trace) };
}

/** The same events as the text of a stream. */
async function* eventTexts(
  events: AsyncIterable<GatewayAnswerEvent>,
  { trace }: RequestContext,
): AsyncGenerator<string> {
  for await (const event of events) {
    const { type, ...data } = event;
    if (event.type === 'decision') yield eventText(event.decision, type);
    else if (event.type === 'answer') yield eventText({ ...event.answer, usage: usageOf(trace) }, type);
    else yield eventText(data, type);
  }
}

/** The last event of a stream that fails. */
function failureEvent(thrown: unknown, { trace, signal }: RequestContext): string {
  const error = publicError(thrown, { id: trace.id, signal });
  trace.error ??= error.code;
  return eventText(errorBody('native', error), 'error');
}

/** Tokens as far as they were counted. */
function usageOf({ promptTokens, outputTokens }: RequestContext['trace']): object {
  return { promptTokens: promptTokens ?? null, outputTokens: outputTokens ?? null };
}
