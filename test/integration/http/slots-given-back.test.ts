import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FairQueue } from '../../../src/access/fair-queue.ts';
import { queuedServer } from '../../../src/access/queued-server.ts';
import { protocols } from '../../../src/http/protocols.ts';
import type { ServedProject } from '../../support/served-project.ts';
import { servedProject } from '../../support/served-project.ts';
import { jsonHeaders, serveParts } from '../../support/http-server.ts';
import { gatewayOn } from '../../support/scripted-gateway.ts';
import { doneOf, scriptedModelServer } from '../../support/scripted-model-server.ts';

let project: ServedProject;
beforeAll(async () => {
  project = await servedProject();
});
afterAll(() => project[Symbol.asyncDispose]());

const messages = [{ role: 'user', content: 'explain' }];

describe('the only slot of the queue is free again after a request that', () => {
  test.each([
    ['/api/chat', { messages }],
    ['/api/generate', { prompt: 'explain' }],
    ['/v1/chat/completions', { messages }],
    ['/v1/messages', { messages, max_tokens: 10 }],
    ['/v1/responses', { input: 'explain' }],
  ])('names a file with half a character (%s)', async (path, fields) => {
    const server = scriptedModelServer();
    const queue = new FairQueue({ slots: 1, length: 0, now: () => performance.now() });
    const { projects } = project;
    const gateway = gatewayOn(server, { projects, enter: ({ id }) => queuedServer(server, queue, id) });
    const { url } = await serveParts({ gateway }, { protocols });
    const body = JSON.stringify({ model: 'tiny', stream: true, lorekeep: { files: ['\ud800'] }, ...fields });
    const reply = await fetch(`${url}${path}`, { method: 'POST', headers: jsonHeaders, body });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain('words.');
    expect(queue.gauges()).toEqual({ queued: 0, running: 0 });
  });
});

describe('the only slot of the queue is free again when a client goes away', () => {
  test.each([
    ['/api/chat', { messages }],
    ['/v1/chat/completions', { messages }],
    ['/v1/messages', { messages, max_tokens: 10 }],
    ['/v1/responses', { input: 'explain' }],
    ['/lorekeep/ask', { question: 'explain' }],
  ])('just when the first event comes (%s)', async (path, fields) => {
    const hasBegun = Promise.withResolvers<void>();
    const server = scriptedModelServer({
      async *answer(_call, signal) {
        hasBegun.resolve();
        await once(signal!, 'abort');
        yield { type: 'delta', text: 'This was on its way.' };
        yield doneOf();
      },
    });
    const queue = new FairQueue({ slots: 1, length: 1, now: () => performance.now() });
    const gateway = gatewayOn(server, { enter: ({ id }) => queuedServer(server, queue, id) });
    const { url } = await serveParts({ gateway }, { protocols });
    const client = new AbortController();
    const body = JSON.stringify({ model: 'tiny', ...fields, stream: true });
    const reply = fetch(`${url}${path}`, { method: 'POST', headers: jsonHeaders, body, signal: client.signal });
    await hasBegun.promise;
    client.abort();
    await expect(reply).rejects.toThrow('aborted');
    await queue.acquire('another caller', AbortSignal.timeout(5_000));
  });
});
