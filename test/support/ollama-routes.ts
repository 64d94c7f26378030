import { expect } from 'vitest';
import type { Gateway } from '../../src/verbs/gateway/gateway.ts';
import { startServer } from '../../src/http/server.ts';
import type { RunningServer } from '../../src/http/server.ts';
import type { ServiceError } from '../../src/core/errors.ts';
import { addOllamaRoutes } from '../../src/http/ollama/ollama-routes.ts';
import type { HttpParts } from '../../src/http/http-parts.ts';
import type { FakeGateway, FakeGatewayScript } from './fake-gateway.ts';
import { callerOf, fakeGatekeeper, fakeGateway, fakeParts } from './fake-gateway.ts';
import type { Call } from './http-calls.ts';
import { httpApp } from './http-calls.ts';

/** The service with the Ollama routes over a gateway in memory. */
export interface OllamaRoutes {
  readonly gateway: FakeGateway;
  readonly call: (path: string, call?: Call) => Promise<Response>;
  readonly post: (path: string, body: unknown, call?: Call) => Promise<Response>;
  /** For what a call cannot say. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Ends all requests, as a service does that shuts down. */
  readonly stopAll: (reason: ServiceError) => void;
}

export interface OllamaRoutesOptions extends Partial<HttpParts> {
  /** Milliseconds. */
  readonly silenceMs?: number;
}

/** Starts it, without sockets. */
export function ollamaRoutes(
  script: FakeGatewayScript = {},
  { silenceMs = 10_000, ...parts }: OllamaRoutesOptions = {},
): OllamaRoutes {
  const gateway = fakeGateway(script);
  const { call, service } = httpApp(
    { gateway, ...parts },
    { protocols: [(app, given) => addOllamaRoutes(app, given, { silenceMs })] },
  );
  return {
    gateway,
    call,
    post: (path, body, more = {}) => call(path, { ...more, method: 'POST', body }),
    fetch: (request) => service.fetch(request),
    stopAll: (reason) => service.running.stopAll(reason),
  };
}

/** The same on a free port, for real clients; no key is needed. Whoever starts it closes it. */
export function serveOllama(gateway: Gateway, parts: Partial<HttpParts> = {}): Promise<RunningServer> {
  return startServer({
    parts: { ...fakeParts({ gateway, gatekeeper: fakeGatekeeper({ keyless: callerOf() }) }), ...parts },
    host: '127.0.0.1',
    port: 0,
    tls: null,
    allowAnonymous: true,
    page: null,
    protocols: [addOllamaRoutes],
    clock: () => performance.now(),
    limits: { drainMs: 0, farewellMs: 100 },
  });
}

/** The objects of a stream, which must end with a whole line. */
export async function linesOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
