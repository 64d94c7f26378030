import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChatCall, ChatMessage } from '../../../src/core/gateway/model-server.ts';
import type { LocalGatewayParts } from '../../../src/verbs/gateway/local-gateway.ts';
import { callerOf, contextOf, gatewayOn, lorekeepOf, readExchange } from '../../support/scripted-gateway.ts';
import type { ScriptedModelServer } from '../../support/scripted-model-server.ts';
import { doneOf, scriptedModelServer } from '../../support/scripted-model-server.ts';
import type { ServedProject } from '../../support/served-project.ts';
import { servedProject } from '../../support/served-project.ts';

let project: ServedProject;
beforeAll(async () => {
  project = await servedProject();
});
afterAll(() => project[Symbol.asyncDispose]());

function chatOn(server: ScriptedModelServer, changes: Partial<LocalGatewayParts> = {}) {
  const gateway = gatewayOn(server, { projects: project.projects, ...changes });
  return {
    gateway,
    chat: (messages: readonly ChatMessage[], lorekeep = lorekeepOf({ projects: ['parcel-desk'] }), model = 'tiny') =>
      gateway.chat({ call: { model, messages, options: {} }, lorekeep }, contextOf()),
  };
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const asked = (server: ScriptedModelServer, call = -1): readonly ChatMessage[] =>
  (server.calls.at(call) as ChatCall).messages;
const question = 'how does our rate limiter refill its buckets?';

describe('a chat through the gateway', () => {
  it('gives the model the code that a question about the project needs', async () => {
    const server = scriptedModelServer();
    const exchange = await chatOn(server).chat([user(question)]);
    expect((await readExchange(exchange)).text).toBe('Two words.');
    expect(exchange.decision.route).not.toBe('none');
    expect(exchange.decision.citations.map(({ path }) => path)).toContain('api/src/rate-limiter.ts');
    expect(exchange.decision.freshness).toMatchObject({ isCurrent: true, changed: [] });
    const [message] = asked(server);
    expect(message?.content).toContain('class RateLimiter');
    expect(message?.content.endsWith(`\n\n${question}`)).toBe(true);
  });

  it('leaves a general question as it is', async () => {
    const server = scriptedModelServer();
    const exchange = await chatOn(server).chat([user('用Go实现一个快速排序算法')]);
    await readExchange(exchange);
    expect(exchange.decision).toMatchObject({ route: 'none', citations: [] });
    expect(asked(server)).toEqual([user('用Go实现一个快速排序算法')]);
  });

  it('retrieves never, or always, where the request says so', async () => {
    const server = scriptedModelServer();
    const { chat } = chatOn(server);
    const never = await chat([user(question)], lorekeepOf({ retrieve: 'never' }));
    expect(never.decision).toMatchObject({ route: 'none', reason: expect.stringContaining('asked for no code') });
    const always = await chat(
      [user('write a poem about parcels')],
      lorekeepOf({ retrieve: 'always', projects: ['parcel-desk'] }),
    );
    expect(always.decision.citations.length).toBeGreaterThan(0);
  });

  it('never retrieves for the result of a tool, and keeps what the question was given', async () => {
    const server = scriptedModelServer();
    const { chat } = chatOn(server);
    await readExchange(await chat([user(question)]));
    const call = { id: 'c1', name: 'grep', arguments: { q: 'refill' } };
    const turns: ChatMessage[] = [
      user(question),
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', content: 'refill: 3 hits', toolCallId: 'c1' },
    ];
    const exchange = await chat(turns);
    await readExchange(exchange);
    expect(exchange.decision.route).toBe('none');
    expect(asked(server)[0]).toEqual(asked(server, -2)[0]);
    expect(asked(server).slice(1)).toEqual(turns.slice(1));
  });

  it('sends earlier evidence again unchanged, so that a server reads only what is new', async () => {
    const server = scriptedModelServer();
    const { chat } = chatOn(server);
    await readExchange(await chat([user(question)]));
    const first = asked(server);
    const turns = [
      user(question),
      { role: 'assistant', content: 'Two words.' } as const,
      user('and where is it called?'),
    ];
    const exchange = await chat(turns);
    await readExchange(exchange);
    const second = asked(server);
    expect(second.slice(0, 1)).toEqual(first);
    expect(second.map(({ content }) => content.split('class RateLimiter').length - 1)).toEqual([1, 0, 0]);
    const numbers = exchange.decision.citations.map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('puts the code of named files in front, and refuses what is not in the index', async () => {
    const server = scriptedModelServer();
    const files = ['api/src/rate-limiter.ts', '.env', '../../etc/passwd'];
    const exchange = await chatOn(server).chat([user('explain')], lorekeepOf({ projects: ['parcel-desk'], files }));
    await readExchange(exchange);
    expect(exchange.decision.route).toBe('files');
    expect(exchange.decision.citations.map(({ path }) => path)).toContain('api/src/rate-limiter.ts');
    expect(exchange.decision.notices.filter((notice) => notice.includes('not in the index'))).toHaveLength(2);
    expect(asked(server)[0]?.content).not.toContain('root:');
  });

  it('gives named files alone where nothing else is wanted, the same for every question', async () => {
    const server = scriptedModelServer();
    const lorekeep = lorekeepOf({
      projects: ['parcel-desk'],
      retrieve: 'never',
      files: ['api/src/rate-limiter.ts', 'pricing/tariff.py'],
    });
    for (const content of ['When does a bucket refill?', 'What costs a parcel?']) {
      const exchange = await chatOn(server).chat([user(content)], lorekeep);
      await readExchange(exchange);
      expect(exchange.decision.route).toBe('files');
      const paths = new Set(exchange.decision.citations.map(({ path }) => path));
      expect([...paths]).toEqual(lorekeep.files);
    }
    const [first, second] = [0, 1].map((call) => asked(server, call)[0]?.content.split('\n\n').slice(0, -1));
    expect(second).toEqual(first);
  });

  it('sends what earlier turns were given again where a turn looks up nothing', async () => {
    const server = scriptedModelServer();
    const { chat } = chatOn(server);
    await readExchange(await chat([user(question)], lorekeepOf({ projects: ['parcel-desk'] })));
    const next = [user(question), { role: 'assistant' as const, content: 'So.' }, user('thanks')];
    await readExchange(await chat(next, lorekeepOf({ projects: ['parcel-desk'], retrieve: 'never' })));
    expect(asked(server, 1)[0]).toEqual(asked(server, 0)[0]);
  });

  it('does not follow a link that was put in the place of a file', async () => {
    const secret = join(project.folder, 'secret.txt');
    writeFileSync(secret, 'the launch code is 0000\n');
    const path = join(project.root, 'api/src/rate-limiter.ts');
    unlinkSync(path);
    symlinkSync(secret, path);
    const server = scriptedModelServer();
    const exchange = await chatOn(server).chat(
      [user('explain')],
      lorekeepOf({ projects: ['parcel-desk'], files: ['api/src/rate-limiter.ts'] }),
    );
    await readExchange(exchange);
    expect(exchange.decision.notices.join(' ')).toContain('is a link now');
    expect(asked(server)[0]?.content).not.toContain('launch code');
  });

  afterEach(() => {
    project.restore();
  });

  it('says that a file behind the evidence has changed, and drops one that is gone', async () => {
    await project.index();
    const looked: unknown[] = [];
    const { chat } = chatOn(scriptedModelServer(), {
      projects: { ...project.projects, look: (...files) => looked.push(files) },
    });
    await chat([user(question)]);
    expect(looked).toEqual([]);
    writeFileSync(join(project.root, 'api/src/rate-limiter.ts'), 'export class RateLimiter {}\n');
    const changed = await chat([user(question)]);
    expect(changed.decision.freshness).toMatchObject({ isCurrent: false, changed: ['api/src/rate-limiter.ts'] });
    expect(looked).toEqual([['parcel-desk', ['api/src/rate-limiter.ts']]]);
    unlinkSync(join(project.root, 'api/src/rate-limiter.ts'));
    const gone = await chat([user(question)]);
    expect(gone.decision.citations.map(({ path }) => path)).not.toContain('api/src/rate-limiter.ts');
  });

  it('counts what is sent, and refuses a prompt that cannot fit', async () => {
    const { chat } = chatOn(scriptedModelServer({ info: { windowTokens: 400 } }));
    const long = 'word '.repeat(5_000);
    await expect(chat([user(long)], lorekeepOf({ retrieve: 'never' }))).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringMatching(/at least \d+ tokens, but the context window of tiny takes 400/),
    });
  });

  it('refuses what cannot fit whatever its tokens are, without counting it', async () => {
    const { chat } = chatOn(scriptedModelServer({ info: { windowTokens: 400 } }));
    await expect(chat([user('word '.repeat(20_000))], lorekeepOf({ retrieve: 'never' }))).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('The prompt has 100000 characters, far more'),
    });
  });

  it('drops the oldest evidence when a conversation outgrows the window, and says so', async () => {
    const server = scriptedModelServer({ info: { windowTokens: 3_000 } });
    const { chat } = chatOn(server);
    await readExchange(await chat([user(question)]));
    const turns = [user(question), { role: 'assistant', content: 'word '.repeat(1_300) } as const, user('thanks')];
    const exchange = await chat(turns);
    expect(exchange.decision.notices.join(' ')).toContain('fills the context window');
    await readExchange(exchange);
    expect(asked(server)[0]).toEqual(user(question));
  });

  it('tells when the server has read less than was sent', async () => {
    const server = scriptedModelServer({
      info: { windowTokens: 2_000 },
      answer: async function* () {
        yield doneOf({ promptTokens: 200 });
      },
    });
    const exchange = await chatOn(server).chat([user('word '.repeat(1_000))], lorekeepOf({ retrieve: 'never' }));
    const { events } = await readExchange(exchange);
    expect(events.at(-1)).toMatchObject({ type: 'done', notices: [expect.stringContaining('has cut the rest')] });
  });

  it('adds the cited places where the request asks for them', async () => {
    const lorekeep = lorekeepOf({ projects: ['parcel-desk'], citations: true });
    const { text } = await readExchange(await chatOn(scriptedModelServer()).chat([user(question)], lorekeep));
    expect(text).toMatch(/^Two words\.\n\n---\nEvidence \(Lorekeep\):\n\[1\] parcel-desk: /);
  });

  it('notes who sent what where', async () => {
    const { gateway } = chatOn(scriptedModelServer());
    const context = contextOf();
    const call = { model: 'deepseek-coder:7b@parcel-desk', messages: [user(question)], options: {} };
    const exchange = await gateway.chat({ call, lorekeep: lorekeepOf() }, context);
    await readExchange(exchange);
    expect(exchange.model).toBe('deepseek-coder:7b@parcel-desk');
    expect(context.trace).toMatchObject({
      model: 'deepseek-coder:6.7b',
      projects: ['parcel-desk'],
      sent: expect.arrayContaining([expect.stringMatching(/^parcel-desk\/api\/src\/rate-limiter\.ts:\d+-\d+$/)]),
      promptTokens: 10,
      outputTokens: 2,
      answerHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('who may read what', () => {
  it('keeps a key to its projects', async () => {
    const gateway = gatewayOn(scriptedModelServer(), { projects: project.projects });
    const context = contextOf(callerOf({ projects: ['new-one'], isAdmin: false }));
    const call = { model: 'tiny@parcel-desk', messages: [user(question)], options: {} };
    await expect(gateway.chat({ call, lorekeep: lorekeepOf() }, context)).rejects.toMatchObject({ code: 'forbidden' });
    const { call: plain } = { call: { ...call, model: 'tiny' } };
    const exchange = await gateway.chat({ call: plain, lorekeep: lorekeepOf() }, context);
    expect(exchange.decision).toMatchObject({ projects: ['new-one'], citations: [] });
    await expect(gateway.search(['parcel-desk'], { question, limit: 3 }, context)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(gateway.reindex('parcel-desk', context)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('names the projects that there are when one is unknown', async () => {
    const gateway = gatewayOn(scriptedModelServer(), { projects: project.projects });
    const call = { model: 'tiny@nowhere', messages: [user(question)], options: {} };
    await expect(gateway.chat({ call, lorekeep: lorekeepOf() }, contextOf())).rejects.toMatchObject({
      code: 'not_indexed',
      message: expect.stringContaining('Served are: parcel-desk, new-one'),
    });
  });

  it('says which project is not ready', async () => {
    const { decision } = await chatOn(scriptedModelServer()).chat([user(question)], lorekeepOf());
    expect(decision.projects).toEqual(['parcel-desk', 'new-one']);
  });
});
