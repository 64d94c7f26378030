import { once } from 'node:events';
import { expect, test } from 'vitest';
import { FairQueue } from '../../../src/access/fair-queue.ts';
import { queuedServer } from '../../../src/access/queued-server.ts';
import type { ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { protocols } from '../../../src/http/protocols.ts';
import { testKey } from '../../support/fake-gateway.ts';
import { rawConnection, serveParts } from '../../support/http-server.ts';
import { gatewayOn } from '../../support/scripted-gateway.ts';
import { doneOf, scriptedModelServer } from '../../support/scripted-model-server.ts';

const stallMs = 300;

async function serviceThatSays(answer: () => AsyncIterable<ModelEvent>) {
  const server = scriptedModelServer({ answer });
  const queue = new FairQueue({ slots: 1, length: 1, now: () => performance.now() });
  const gateway = gatewayOn(server, { enter: ({ id }) => queuedServer(server, queue, id) });
  return { queue, running: await serveParts({ gateway }, { protocols, limits: { stallMs } }) };
}

function requestText(stream: boolean): string {
  const body = JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'hi' }], stream });
  const head = `POST /api/chat HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${testKey}\r\nconnection: close\r\n`;
  return `${head}content-length: ${body.length}\r\n\r\n${body}`;
}

test('a client that stays and takes nothing of its answer loses its place', async () => {
  const hasBegun = Promise.withResolvers<void>();
  const { queue, running } = await serviceThatSays(async function* () {
    hasBegun.resolve();
    for (;;) yield { type: 'delta', text: 'x'.repeat(100_000) };
  });
  const { socket } = await rawConnection(running.port);
  socket.pause();
  socket.write(requestText(true));
  await hasBegun.promise;
  await expect(queue.acquire('another caller', AbortSignal.timeout(10_000))).resolves.toBeTypeOf('function');
  socket.destroy();
});

test('an answer that takes longer than that to begin is waited for', async () => {
  const { running } = await serviceThatSays(async function* () {
    const over = AbortSignal.timeout(3 * stallMs);
    await once(over, 'abort');
    yield { type: 'delta', text: 'late' };
    yield doneOf();
  });
  const { socket, received } = await rawConnection(running.port);
  socket.write(requestText(false));
  expect(await received()).toContain('"content":"late"');
});
