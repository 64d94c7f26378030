import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import type { ChatCall } from '../../../src/core/gateway/model-server.ts';
import { allOf, contextOf, gatewayOn, lorekeepOf, readExchange } from '../../support/scripted-gateway.ts';
import type { ScriptedModelServer } from '../../support/scripted-model-server.ts';
import { scriptedModelServer } from '../../support/scripted-model-server.ts';
import type { ServedProject } from '../../support/served-project.ts';
import { servedProject } from '../../support/served-project.ts';

let project: ServedProject;
beforeAll(async () => {
  project = await servedProject();
});
afterAll(() => project[Symbol.asyncDispose]());

const question = 'how does our rate limiter refill its buckets?';

describe('a completion through the gateway', () => {
  const complete = (server: ScriptedModelServer, call: object) =>
    gatewayOn(server, { projects: project.projects }).complete(
      {
        call: { model: 'tiny', prompt: '', options: {}, ...call },
        lorekeep: lorekeepOf({ projects: ['parcel-desk'] }),
      },
      contextOf(),
    );

  it('puts evidence in front of a prompt that needs it', async () => {
    const server = scriptedModelServer();
    await readExchange(await complete(server, { prompt: question }));
    expect(server.calls[0]).toMatchObject({ prompt: expect.stringMatching(/class RateLimiter[\s\S]*buckets\?$/) });
  });

  it('leaves a raw prompt alone', async () => {
    const server = scriptedModelServer();
    const { decision } = await complete(server, { prompt: question, raw: true });
    expect(decision.route).toBe('none');
    expect(server.calls[0]).toMatchObject({ prompt: question });
  });

  it('gives a hole snippets of other files, not what stands around it', async () => {
    const server = scriptedModelServer();
    await readExchange(await complete(server, { prompt: 'const limiter = new RateLimiter(', suffix: ');\n' }));
    const { snippets = [] } = server.calls[0] as { snippets?: readonly { path: string; text: string }[] };
    expect(snippets.map(({ path }) => path)).toContain('api/src/rate-limiter.ts');
    expect(server.calls[0]).toMatchObject({ prompt: 'const limiter = new RateLimiter(', suffix: ');\n' });
  });
});

describe('a question through the gateway', () => {
  const ask = (server: ScriptedModelServer, changes: object = {}) =>
    allOf(
      gatewayOn(server, { projects: project.projects }).ask(
        { question, projects: ['parcel-desk'], files: [], retrieve: 'auto', cache: true, ...changes },
        contextOf(),
      ),
    );

  it('decides, shows evidence, and answers', async () => {
    const events = await ask(scriptedModelServer());
    expect(events.map(({ type }) => type)).toEqual(['decision', 'evidence', 'text', 'text', 'answer']);
    expect(events[0]).toMatchObject({ decision: { cache: 'miss' } });
    expect(events.at(-1)).toMatchObject({ answer: { mode: 'generated', answer: 'Two words.', uncited: true } });
  });

  it('answers a general question without the project', async () => {
    const server = scriptedModelServer();
    const events = await ask(server, { question: 'what is the difference between a stack and a queue' });
    expect(events[0]).toMatchObject({ decision: { route: 'none' } });
    const [call] = server.calls as readonly ChatCall[];
    expect(call?.messages).toEqual([{ role: 'user', content: 'what is the difference between a stack and a queue' }]);
  });

  it('shows the evidence where no model is wanted, or none can be asked', async () => {
    const alone = await ask(scriptedModelServer(), { model: null });
    expect(alone.at(-1)).toMatchObject({ answer: { mode: 'evidence' } });
    const down = {
      ...scriptedModelServer(),
      describe: () => Promise.reject(new ServiceError('model_unavailable', 'Down.')),
    };
    const events = await ask(down);
    expect(events.at(-1)).toMatchObject({ answer: { mode: 'evidence', notices: [expect.stringContaining('Down.')] } });
  });
});
