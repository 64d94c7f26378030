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
import { eventStream, eventStreamHeaders } from './event-stream.ts';
import type { StreamEvent } from './event-stream.ts';
import { askBody } from './native-schemas.ts';

/** Longest wait for the first event before a stream's head is sent without it, in milliseconds. */
const headAfterMs = 5_000;
const keepAliveMs = 10_000;

/** `POST /lorekeep/ask`: one JSON object, or an event stream. */
export async function askRoute(context: HttpContext, { gateway }: HttpParts): Promise<Response> {
  const body = await readBody(context, askBody);
  const request = context.get('request');
  const events = gateway.ask(questionOf(context, body), request);
  const wantsStream = body.stream ?? (context.req.header('accept') ?? '').includes('text/event-stream');
  if (!wantsStream) return context.json(await wholeAnswer(events, request));
  const started = await startEvents(events, headAfterMs);
  const stream = eventStream(answerEvents(started.events, request), { keepAliveMs });
  return new Response(stream, { headers: eventStreamHeaders });
}

function questionOf(context: HttpContext, body: z.infer<typeof askBody>): GatewayQuestion {
  const { question, model, path, language } = body;
  const { projects, files, cache } = lorekeepOptions(context, {
    ...(body.project === undefined ? {} : { project: [body.project].flat() }),
    ...(body.files === undefined ? {} : { files: body.files }),
    ...(body.cache === undefined ? {} : { cache: body.cache }),
  });
  return {
    question,
    projects,
    files,
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

/** The same events as a stream; an error becomes the last of them. */
async function* answerEvents(
  events: AsyncIterable<GatewayAnswerEvent>,
  request: RequestContext,
): AsyncGenerator<StreamEvent> {
  try {
    for await (const event of events) {
      const { type, ...data } = event;
      if (event.type === 'decision') yield { event: type, data: event.decision };
      else if (event.type === 'answer') yield { event: type, data: { ...event.answer, usage: usageOf(request.trace) } };
      else yield { event: type, data };
    }
  } catch (thrown) {
    const error = publicError(thrown, { id: request.trace.id, signal: request.signal });
    request.trace.error ??= error.code;
    yield { event: 'error', data: errorBody('native', error) };
  }
}

/** Tokens as far as they were counted. */
function usageOf({ promptTokens, outputTokens }: RequestContext['trace']): object {
  return { promptTokens: promptTokens ?? null, outputTokens: outputTokens ?? null };
}
