import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/core/errors.ts';
import type { CompletionCall, ModelEvent, ModelServer } from '../../../../src/core/gateway/model-server.ts';
import { guardedServer } from '../../../../src/model/health/guarded-server.ts';
import { eventsOf } from '../../../support/ollama-of.ts';

const done: ModelEvent = {
  type: 'done',
  reason: 'stop',
  promptTokens: 1,
  outputTokens: 1,
  times: { totalNs: 0, loadNs: 0, promptNs: 0, outputNs: 0 },
};

/** A server whose models in `broken` do not answer; notes what it is asked. */
function scripted() {
  const broken = new Set<string>();
  const asked: string[] = [];
  const completions: CompletionCall[] = [];
  async function* answer(model: string): AsyncGenerator<ModelEvent> {
    asked.push(model);
    if (broken.has(model)) throw new ServiceError('model_timeout', 'it hangs');
    yield { type: 'delta', text: 'a' };
    yield done;
  }
  const server = {
    describe: async (model: string) => {
      if (broken.has('server')) throw new ServiceError('model_unavailable', 'gone');
      return { windowTokens: 4_096, name: model };
    },
    chat: ({ model }: { model: string }) => answer(model),
    complete: (call: CompletionCall) => {
      completions.push(call);
      return answer(call.model);
    },
    embed: async () => ({ vectors: [], promptTokens: 0 }),
  } as unknown as ModelServer;
  return { broken, asked, completions, server };
}

const chat = (server: ModelServer, model: string) => eventsOf(server.chat({ model, messages: [], options: {} }));

async function fails(server: ModelServer, model: string): Promise<ServiceError> {
  return chat(server, model).then(
    () => Promise.reject(new Error('it answered')),
    (error: ServiceError) => error,
  );
}

describe('a guarded server', () => {
  it('leaves a model alone that hangs, and goes on with another', async () => {
    const { broken, asked, server } = scripted();
    let time = 0;
    const guarded = guardedServer(server, { now: () => time, failures: 2, retryMs: 1_000 });
    broken.add('bad');
    expect((await fails(guarded, 'bad')).code).toBe('model_timeout');
    expect((await fails(guarded, 'bad')).code).toBe('model_timeout');
    expect(await fails(guarded, 'BAD:latest')).toMatchObject({ code: 'model_unavailable', retryAfterSeconds: 1 });
    expect(asked).toEqual(['bad', 'bad']);
    expect(await chat(guarded, 'good')).toHaveLength(2);
    expect(guarded.health()).toMatchObject([
      { model: 'bad', state: 'open', lastError: 'it hangs' },
      { model: 'good', state: 'closed', lastError: null },
    ]);
    broken.clear();
    time = 1_000;
    expect(await chat(guarded, 'bad')).toHaveLength(2);
    expect(guarded.health()).toMatchObject([{ model: 'good' }, { model: 'bad', state: 'closed' }]);
  });

  it('learns nothing from a caller that leaves', async () => {
    const { server } = scripted();
    const guarded = guardedServer(server, { now: () => 0, failures: 1 });
    for await (const event of guarded.chat({ model: 'm', messages: [], options: {} })) {
      expect(event.type).toBe('delta');
      break;
    }
    expect(guarded.health()).toMatchObject([{ state: 'closed', lastSuccess: null }]);
  });

  it('asks a server that is gone no more questions', async () => {
    const { broken, server } = scripted();
    const guarded = guardedServer(server, { now: () => 0, failures: 1 });
    broken.add('server');
    await expect(guarded.describe('m')).rejects.toMatchObject({ message: 'gone' });
    await expect(guarded.describe('other')).rejects.toMatchObject({ retryAfterSeconds: 5 });
    expect(guarded.serverHealth()).toMatchObject({ state: 'open' });
  });
});

describe('a probe', () => {
  const minute = 60_000;
  const target = { name: 'bad:latest', expiresAt: 10 * minute, windowTokens: 4_096 };
  const { signal } = new AbortController();

  it('asks only models in memory that failed last, and changes neither window nor time in memory', async () => {
    const { broken, completions, server } = scripted();
    let time = 0;
    const loaded = async () => [target, { ...target, name: 'good:latest' }, { ...target, name: 'never' }];
    const guarded = guardedServer(server, { now: () => time, failures: 1, retryMs: 1_000, loaded });
    broken.add('bad');
    await fails(guarded, 'bad');
    await chat(guarded, 'good');
    await guarded.probe(signal);
    expect(completions).toEqual([]);
    time = minute;
    broken.clear();
    await guarded.probe(signal);
    expect(completions).toMatchObject([
      { model: 'bad:latest', raw: true, options: { num_predict: 1 }, keepAlive: (9 * minute) / 1_000 },
    ]);
    expect(guarded.health()).toMatchObject([{ model: 'bad', state: 'closed' }, { model: 'good' }]);
  });

  it.each([
    ['runs with another window', { windowTokens: 8_192 }],
    ['is about to go', { expiresAt: minute }],
  ])('leaves a model alone that %s', async (_case, more) => {
    const { broken, completions, server } = scripted();
    let time = 0;
    const loaded = async () => [{ ...target, ...more }];
    const guarded = guardedServer(server, { now: () => time, failures: 1, retryMs: 1_000, loaded });
    broken.add('bad');
    await fails(guarded, 'bad');
    time = minute;
    await guarded.probe(signal);
    expect(completions).toEqual([]);
    expect(guarded.health()).toMatchObject([{ state: 'open' }]);
  });
});
