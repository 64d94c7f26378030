import { errorBody } from '../errors/error-reply.ts';
import type { HttpApp, HttpContext, HttpParts } from '../http-parts.ts';
import { lorekeepOptions } from '../lorekeep-options.ts';
import { readBody } from '../read-body.ts';
import { eventReply, jsonReply } from '../v1/event-reply.ts';
import { defaultTiming, eventText } from '../v1/event-stream.ts';
import type { StreamTiming } from '../v1/event-stream.ts';
import { openChat, withTools } from '../v1/open-chat.ts';
import { messageEvents, wholeMessage } from './messages-reply.ts';
import type { MessageHead } from './messages-reply.ts';
import { messagesBody, messagesWish } from './messages-request.ts';

/** Adds Anthropic's protocol under `/v1/messages`. Its list of models is among OpenAI's routes, which share the path. */
export function addAnthropicRoutes(app: HttpApp, parts: HttpParts, timing: StreamTiming = defaultTiming): void {
  app.post('/v1/messages', (context) => answer(context, parts, timing));
  app.post('/v1/messages/count_tokens', (context) => countTokens(context, parts));
}

async function answer(context: HttpContext, parts: HttpParts, timing: StreamTiming): Promise<Response> {
  const body = await readBody(context, messagesBody);
  const opened = openChat(context, parts, messagesWish(body, lorekeepOptions(context, body.lorekeep)));
  const head: MessageHead = { id: `msg_${parts.newId()}`, showsDecision: body.lorekeep !== undefined };
  context.header('request-id', context.get('request').trace.id);
  if (body.stream !== true) return jsonReply(context, await wholeMessage(opened, head), opened);
  return eventReply(context, opened, {
    timing,
    pieces: (begun) => messageEvents(begun, head),
    failure: (error) => eventText(errorBody('anthropic', error), 'error'),
    pulse: eventText({ type: 'ping' }, 'ping'),
  });
}

/** Counts what would be sent without the code that may be added; a header says whether the model's own vocabulary counted. */
async function countTokens(context: HttpContext, { gateway }: HttpParts): Promise<Response> {
  const body = await readBody(context, messagesBody);
  const { call } = withTools(messagesWish(body, lorekeepOptions(context, body.lorekeep)));
  const { tokens, isExact } = await gateway.countTokens(call, context.get('request'));
  return context.json({ input_tokens: tokens }, 200, { 'x-lorekeep-token-count': isExact ? 'exact' : 'estimate' });
}
