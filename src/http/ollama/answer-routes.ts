import type { LorekeepOptions } from '../../core/gateway/exchange.ts';
import { lorekeepOptions } from '../lorekeep-options.ts';
import type { HttpApp, HttpParts } from '../http-parts.ts';
import { readBody } from '../read-body.ts';
import { sendAnswer } from './answer.ts';
import { chatPrinter, completionPrinter } from './answer-line.ts';
import { chatCallOf, completionCallOf } from './ollama-call.ts';
import { chatBody, generateBody } from './request-schemas.ts';

/** Adds `/api/generate` and `/api/chat`. A stream sends a line after each `silenceMs` (milliseconds) in which none was due. */
export function addAnswerRoutes(app: HttpApp, { gateway, now }: HttpParts, silenceMs: number): void {
  app.post('/api/generate', async (context) => {
    const body = await readBody(context, generateBody);
    const call = completionCallOf(body);
    const takesFooter = call.format === undefined && call.suffix === undefined && call.raw !== true;
    const lorekeep = withFooterIf(takesFooter, lorekeepOptions(context, body.lorekeep));
    const request = context.get('request');
    return sendAnswer({
      request,
      silenceMs,
      printer: completionPrinter({ model: call.model, now }),
      asksDecision: body.lorekeep !== undefined,
      // A model that is only loaded answers with one object, not with a stream of one.
      isStreamed: body.stream !== false && (call.prompt !== '' || call.suffix !== undefined),
      open: () => gateway.complete({ call, lorekeep }, request),
    });
  });

  app.post('/api/chat', async (context) => {
    const body = await readBody(context, chatBody);
    const call = chatCallOf(body);
    const lorekeep = withFooterIf(call.format === undefined, lorekeepOptions(context, body.lorekeep));
    const request = context.get('request');
    return sendAnswer({
      request,
      silenceMs,
      printer: chatPrinter({ model: call.model, now }),
      asksDecision: body.lorekeep !== undefined,
      isStreamed: body.stream !== false && call.messages.length > 0,
      open: () => gateway.chat({ call, lorekeep }, request),
    });
  });
}

/** Cited places behind an answer would break what is no prose: code that is filled in, JSON, text without a template. */
function withFooterIf(takesFooter: boolean, options: LorekeepOptions): LorekeepOptions {
  return takesFooter ? options : { ...options, citations: false };
}
