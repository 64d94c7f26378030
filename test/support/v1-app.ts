import type { AuditEvent } from '../../src/core/gateway/trace.ts';
import { addAnthropicRoutes } from '../../src/http/anthropic/anthropic-routes.ts';
import { addOpenaiRoutes } from '../../src/http/openai/openai-routes.ts';
import type { AddRoutes } from '../../src/http/app.ts';
import type { StreamTiming } from '../../src/http/v1/event-stream.ts';
import { fakeAudit, fakeGateway } from './fake-gateway.ts';
import type { FakeGateway, FakeGatewayScript } from './fake-gateway.ts';
import { httpApp } from './http-calls.ts';
import type { Call } from './http-calls.ts';

/** The service with the routes under `/v1`, over a gateway in memory. The first id of a request is its own. */
export interface V1App {
  readonly gateway: FakeGateway;
  /** A line for each request that is over. */
  readonly audited: readonly AuditEvent[];
  readonly call: (path: string, request?: Call) => Promise<Response>;
  /** What a path answers to a body, read to its end. */
  readonly post: (path: string, body: object, headers?: Record<string, string>) => Promise<V1Reply>;
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

/** OpenAI's and Anthropic's protocols. */
export function v1Protocols(timing?: StreamTiming): readonly AddRoutes[] {
  return [(app, parts) => addOpenaiRoutes(app, parts, timing), (app, parts) => addAnthropicRoutes(app, parts, timing)];
}

export function v1App(script: FakeGatewayScript = {}, timing?: StreamTiming): V1App {
  const gateway = fakeGateway(script);
  const audit = fakeAudit();
  const { call } = httpApp({ gateway, audit }, { protocols: v1Protocols(timing) });
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<V1Reply> =>
    replyOf(await call(path, { body, headers }));
  return { gateway, audited: audit.events, call, post };
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
