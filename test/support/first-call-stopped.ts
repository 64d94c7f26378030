import type { RequestContext } from '../../src/core/gateway/exchange.ts';
import type { FakeGateway } from './fake-gateway.ts';

/** Resolves when the first call of a gateway was told to stop; its method takes a request and a context. */
export async function firstCallStopped(gateway: FakeGateway): Promise<void> {
  const context = gateway.calls[0]?.arguments[1] as RequestContext | undefined;
  if (context === undefined) throw new Error('nothing was asked');
  if (context.signal.aborted) return;
  const stopped = Promise.withResolvers<void>();
  context.signal.addEventListener('abort', () => stopped.resolve(), { once: true });
  await stopped.promise;
}
