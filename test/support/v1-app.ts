import { Hono } from 'hono';
import type { RequestContext } from '../../src/core/gateway/exchange.ts';
import { addAnthropicRoutes } from '../../src/http/anthropic/anthropic-routes.ts';
import { errorReply, protocolOf } from '../../src/http/errors/error-reply.ts';
import { publicError } from '../../src/http/errors/public-error.ts';
import type { HttpApp, HttpEnvironment } from '../../src/http/http-parts.ts';
import { addOpenaiRoutes } from '../../src/http/openai/openai-routes.ts';
import type { StreamTiming } from '../../src/http/v1/event-stream.ts';
import { callerOf, fakeGateway, fakeParts } from './fake-gateway.ts';
import type { FakeGateway, FakeGatewayScript } from './fake-gateway.ts';

/** The routes under `/v1` alone, over a gateway in memory. */
export interface V1App {
  readonly app: HttpApp;
  readonly gateway: FakeGateway;
  /** The contexts of the requests, in order. */
  readonly requests: readonly RequestContext[];
  /** The JSON or text that a path answers to a body. */
  post(path: string, body: object, headers?: Record<string, string>): Promise<V1Reply>;
}

export interface V1Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: () => Record<string, unknown>;
  /** The data of each server-sent event; `[DONE]` as text. */
  readonly events: () => readonly unknown[];
}

export function v1App(script: FakeGatewayScript = {}, timing?: StreamTiming): V1App {
  const gateway = fakeGateway(script);
  const parts = fakeParts({ gateway });
  const requests: RequestContext[] = [];
  const app = new Hono<HttpEnvironment>();
  app.use(async (context, next) => {
    const { method, path, raw } = context.req;
    const trace = { id: 'r1', startedAt: '2026-01-02T03:04:05Z', method, route: path, clientAddress: '127.0.0.1' };
    const request = { caller: callerOf(), trace, signal: raw.signal };
    requests.push(request);
    context.set('request', request);
    context.set('pathProject', null);
    await next();
  });
  app.onError((error, context) =>
    errorReply(protocolOf(context.req.path), publicError(error, { id: 'r1', signal: context.req.raw.signal })),
  );
  addOpenaiRoutes(app, parts, timing);
  addAnthropicRoutes(app, parts, timing);
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<V1Reply> =>
    replyOf(await app.request(path, { method: 'POST', body: JSON.stringify(body), headers }));
  return { app, gateway, requests, post };
}

async function replyOf(response: Response): Promise<V1Reply> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
    events: () => eventsOf(text),
  };
}

/** The data of the events of a stream; comments are left out. */
export function eventsOf(text: string): readonly unknown[] {
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => line.slice(6)).map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as unknown)));
}
