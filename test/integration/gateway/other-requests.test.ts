import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FairQueue } from '../../../src/access/fair-queue.ts';
import { queuedServer } from '../../../src/access/queued-server.ts';
import { toServiceError } from '../../../src/core/errors.ts';
import { callerOf, contextOf, gatewayOn, lorekeepOf } from '../../support/scripted-gateway.ts';
import { scriptedModelServer } from '../../support/scripted-model-server.ts';
import type { ServedProject } from '../../support/served-project.ts';
import { servedProject } from '../../support/served-project.ts';

let project: ServedProject;
beforeAll(async () => {
  project = await servedProject();
});
afterAll(() => project[Symbol.asyncDispose]());

const question = 'how does our rate limiter refill its buckets?';

describe('requests without a chat', () => {
  it('have a passed on model call wait its turn, and nothing else', async () => {
    const gate = Promise.withResolvers<void>();
    const forward = async (): Promise<Response> => (await gate.promise, Response.json({}));
    const server = { ...scriptedModelServer(), forward };
    const queue = new FairQueue({ slots: 1, length: 0, now: () => performance.now() });
    const gateway = gatewayOn(server, { enter: ({ id }) => queuedServer(server, queue, id) });
    const pass = (path: string) => gateway.forward({ method: 'POST', path, headers: {}, body: '{}' }, contextOf());
    const [first, show] = [pass('/api/embeddings'), pass('/api/show')];
    await expect(pass('/api/embeddings')).rejects.toMatchObject({ code: 'model_unavailable' });
    gate.resolve();
    expect((await Promise.all([first, show])).map(({ status }) => status)).toEqual([200, 200]);
    expect(queue.gauges()).toEqual({ queued: 0, running: 0 });
  });

  it('note which code they gave out', async () => {
    const gateway = gatewayOn(scriptedModelServer(), { projects: project.projects });
    for (const ask of ['search', 'explain'] as const) {
      const context = contextOf();
      await gateway[ask](['parcel-desk'], { question, limit: 3, history: [] }, context);
      expect(context.trace).toMatchObject({
        projects: ['parcel-desk'],
        sent: expect.arrayContaining([expect.stringMatching(/^parcel-desk\/api\/src\/rate-limiter\.ts:\d+-\d+$/)]),
        questionHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    }
  });
});

describe('a key that may read some projects', () => {
  it('tells a key nothing of other projects, by whatever way it asks', async () => {
    const checks = [
      { name: 'model', ok: true, detail: 'It is there.' },
      { name: 'project parcel-desk', project: 'parcel-desk', ok: false, detail: '/code/parcel-desk is gone.' },
    ];
    const health = async () => ({ status: 'degraded' as const, uptimeSeconds: 1, checks });
    const gateway = gatewayOn(scriptedModelServer(), { projects: project.projects, health });
    const context = contextOf(callerOf({ projects: ['new-one', 'gone'], isAdmin: false }));
    const call = { messages: [{ role: 'user' as const, content: question }], options: {} };
    const ask = (model: string): readonly Promise<unknown>[] => [
      gateway.chat({ call: { ...call, model }, lorekeep: lorekeepOf() }, context),
      gateway.complete({ call: { model, prompt: question, options: {} }, lorekeep: lorekeepOf() }, context),
      gateway.embed({ model, inputs: ['a'] }, context),
      gateway.describe(model, context),
      gateway.countTokens({ ...call, model }, context),
    ];
    const refusals = async (model: string) => Promise.all(ask(model).map((asked) => asked.catch(toServiceError)));
    for (const model of ['tiny@parcel-desk', 'tiny@nowhere'])
      for (const refusal of await refusals(model)) {
        const message = `The key "tester" may not read the project "${model.slice(5)}".`;
        expect(refusal).toMatchObject({ code: 'forbidden', message });
      }
    for (const refusal of await refusals('tiny@gone'))
      expect(refusal).toMatchObject({ code: 'not_indexed', message: expect.not.stringContaining('parcel') });
    expect((await gateway.models(context)).map(({ name }) => name)).toEqual(['tiny']);
    expect(await gateway.health(context)).toEqual({ status: 'degraded', uptimeSeconds: 1, checks: checks.slice(0, 1) });
  });
});
