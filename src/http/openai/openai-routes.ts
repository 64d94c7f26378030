import { anthropicModel, anthropicModels } from '../anthropic/models.ts';
import { errorBody } from '../errors/error-reply.ts';
import type { HttpApp, HttpContext, HttpParts } from '../http-parts.ts';
import { lorekeepOptions } from '../lorekeep-options.ts';
import { readBody } from '../read-body.ts';
import { eventReply, jsonReply } from '../v1/event-reply.ts';
import type { StreamForm } from '../v1/event-reply.ts';
import { defaultTiming, eventText } from '../v1/event-stream.ts';
import type { StreamTiming } from '../v1/event-stream.ts';
import { openAnswer, openChat } from '../v1/open-chat.ts';
import { chatChunks, chatCompletion } from './chat-reply.ts';
import type { ReplyHead } from './chat-reply.ts';
import { chatBody, chatWish } from './chat-request.ts';
import { completionBody, completionCall, textChunks, textCompletion } from './completions.ts';
import { embedCall, embeddingList, embeddingsBody } from './embeddings.ts';
import { openaiModel } from './models.ts';
import { addResponsesRoute } from './responses/responses-route.ts';
import { responsesBody, responsesWish } from './responses/responses-request.ts';

/**
 * Adds OpenAI's protocol under `/v1`. The list of models answers in Anthropic's form where the request has the header
 * `anthropic-version`.
 */
export function addOpenaiRoutes(app: HttpApp, parts: HttpParts, timing: StreamTiming = defaultTiming): void {
  app.post('/v1/chat/completions', (context) => chat(context, parts, timing));
  app.post('/v1/completions', (context) => complete(context, parts, timing));
  app.post('/v1/embeddings', (context) => embed(context, parts));
  app.get('/v1/models', (context) => models(context, parts));
  app.get('/v1/models/:model{.+}', (context) => model(context, parts));
  addResponsesRoute(app, parts, timing);
}

async function chat(context: HttpContext, parts: HttpParts, timing: StreamTiming): Promise<Response> {
  const body = await readBody(context, chatBody);
  const lorekeep = lorekeepOptions(context, body.lorekeep);
  const isResponses = body.messages === undefined && body.input !== undefined;
  const wish = isResponses ? responsesWish(await readBody(context, responsesBody), lorekeep) : chatWish(body, lorekeep);
  const answer = openChat(context, parts, wish);
  const head = headOf('chatcmpl', parts, body);
  if (body.stream !== true) return jsonReply(context, await chatCompletion(answer, head), answer);
  return eventReply(context, answer, { ...streamForm, timing, pieces: (begun) => chatChunks(begun, head) });
}

async function complete(context: HttpContext, parts: HttpParts, timing: StreamTiming): Promise<Response> {
  const body = await readBody(context, completionBody);
  const call = completionCall(body);
  const lorekeep = lorekeepOptions(context, body.lorekeep);
  const answer = openAnswer(call.model, () => parts.gateway.complete({ call, lorekeep }, context.get('request')));
  const head = headOf('cmpl', parts, body);
  if (body.stream !== true) return jsonReply(context, await textCompletion(answer, head), answer);
  return eventReply(context, answer, { ...streamForm, timing, pieces: (begun) => textChunks(begun, head) });
}

async function embed(context: HttpContext, { gateway }: HttpParts): Promise<Response> {
  const body = await readBody(context, embeddingsBody);
  return context.json(embeddingList(body, await gateway.embed(embedCall(body), context.get('request'))));
}

async function models(context: HttpContext, { gateway }: HttpParts): Promise<Response> {
  const all = await gateway.models(context.get('request'));
  if (context.req.header('anthropic-version') !== undefined) return context.json(anthropicModels(all));
  return context.json({ object: 'list', data: all.map(openaiModel) });
}

async function model(context: HttpContext, { gateway }: HttpParts): Promise<Response> {
  const name = context.req.param('model') ?? '';
  const info = { ...(await gateway.describe(name, context.get('request'))), name };
  const isAnthropic = context.req.header('anthropic-version') !== undefined;
  return context.json(isAnthropic ? anthropicModel(info) : openaiModel(info));
}

const streamForm: Pick<StreamForm, 'failure' | 'pulse'> = {
  failure: (error) => eventText(errorBody('openai', error)),
  pulse: ': keep-alive\n\n',
};

interface HeadFields {
  readonly lorekeep?: object | undefined;
  readonly stream_options?: { readonly include_usage?: boolean | null | undefined } | null | undefined;
}

function headOf(prefix: string, { newId, now }: HttpParts, body: HeadFields): ReplyHead {
  return {
    id: `${prefix}-${newId()}`,
    created: Math.floor(now().getTime() / 1000),
    showsDecision: body.lorekeep !== undefined,
    includesUsage: body.stream_options?.include_usage === true,
  };
}
