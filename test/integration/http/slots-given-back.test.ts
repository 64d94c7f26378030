import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FairQueue } from '../../../src/access/fair-queue.ts';
import { queuedServer } from '../../../src/access/queued-server.ts';
import { protocols } from '../../../src/http/protocols.ts';
import type { ServedProject } from '../../support/served-project.ts';
import { servedProject } from '../../support/served-project.ts';
import { jsonHeaders, serveParts } from '../../support/http-server.ts';
import { gatewayOn } from '../../support/scripted-gateway.ts';
import { scriptedModelServer } from '../../support/scripted-model-server.ts';

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
