import type { HttpApp, HttpContext, HttpParts } from '../../http-parts.ts';
import { lorekeepOptions } from '../../lorekeep-options.ts';
import { readBody } from '../../read-body.ts';
import { wholeAnswer } from '../../v1/answer-blocks.ts';
import { eventReply, jsonReply } from '../../v1/event-reply.ts';
import type { StreamTiming } from '../../v1/event-stream.ts';
import { openChat } from '../../v1/open-chat.ts';
import type { OpenAnswer } from '../../v1/open-chat.ts';
import { responseWriter } from './response-events.ts';
import { endState, itemId, outputItem, responseObject } from './response-object.ts';
import type { ResponseHead } from './response-object.ts';
import { responsesBody, responsesWish } from './responses-request.ts';

/** Adds `POST /v1/responses`. */
export function addResponsesRoute(app: HttpApp, parts: HttpParts, timing: StreamTiming): void {
  app.post('/v1/responses', (context) => respond(context, parts, timing));
}

async function respond(context: HttpContext, parts: HttpParts, timing: StreamTiming): Promise<Response> {
  const body = await readBody(context, responsesBody);
  const answer = openChat(context, parts, responsesWish(body, lorekeepOptions(context, body.lorekeep)));
  const createdAt = Math.floor(parts.now().getTime() / 1000);
  const head: ResponseHead = { id: `resp_${parts.newId()}`, createdAt, model: answer.model, body };
  if (body.stream !== true) return jsonReply(context, await wholeResponse(answer, head, parts), answer);
  const writer = responseWriter(head, parts.newId);
  return eventReply(context, answer, { timing, pulse: ': keep-alive\n\n', ...writer });
}

async function wholeResponse(answer: OpenAnswer, head: ResponseHead, { newId }: HttpParts): Promise<object> {
  const { blocks, done } = await wholeAnswer(answer.events);
  const output = blocks.map((block) => outputItem(block, itemId(block.kind, newId)));
  return responseObject(head, endState(done, { output, decision: answer.decision() }));
}
