import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerCache, AnswerDependencies } from '../../../src/core/gateway/answer-cache.ts';
import type { ChatCall, ChatMessage } from '../../../src/core/gateway/model-server.ts';
import { allOf, contextOf, gatewayOn, lorekeepOf, readExchange } from '../../support/scripted-gateway.ts';
import { scriptedModelServer } from '../../support/scripted-model-server.ts';
import type { ServedProject } from '../../support/served-project.ts';
import { servedProject } from '../../support/served-project.ts';

let project: ServedProject;
beforeAll(async () => {
  project = await servedProject();
});
afterAll(() => project[Symbol.asyncDispose]());
afterEach(() => project.restore());

const path = 'api/src/rate-limiter.ts';
const question = 'how does our rate limiter refill its buckets?';
const user = (content: string): ChatMessage => ({ role: 'user', content });
const answered: ChatMessage = { role: 'assistant', content: 'Two words.' };

function edit(change: (text: string) => string): void {
  const absolute = join(project.root, path);
  writeFileSync(absolute, change(readFileSync(absolute, 'utf8')));
}

function gateway() {
  const server = scriptedModelServer();
  const asked: AnswerDependencies[] = [];
  const cache: AnswerCache = {
    key: (dependencies) => {
      asked.push(dependencies);
      return 'key';
    },
    answer: (_, generate, signal) => ({ verdict: 'miss', events: generate(signal) }),
  };
  const open = gatewayOn(server, { projects: project.projects, cache });
  const chat = async (messages: readonly ChatMessage[], more = {}) => {
    const lorekeep = lorekeepOf({ projects: ['parcel-desk'], cache: true, ...more });
    const exchange = await open.chat({ call: { model: 'tiny', messages, options: {} }, lorekeep }, contextOf());
    const { text } = await readExchange(exchange);
    const sent = (server.calls.at(-1) as ChatCall).messages.map(({ content }) => content).join('\n');
    return { ...exchange.decision, text, sent, key: asked.at(-1) };
  };
  return { open, chat };
}

describe('a model is given code', () => {
  it('as it reads now, at the lines where it is now', async () => {
    const { chat } = gateway();
    const before = await chat([user(question)]);
    edit((text) => `// One.\n// Two.\n${text.replace('60_000', '30_000')}`);
    const after = await chat([user(question)], { citations: true });
    expect(before.sent).toContain('60_000');
    expect(after.sent).toContain('30_000');
    expect(after.sent).not.toContain('60_000');
    const place = (citations: typeof after.citations) => citations.find((one) => one.path === path)?.endLine;
    expect(place(after.citations)).toBe(place(before.citations)! + 2);
    expect(after.freshness).toMatchObject({ isCurrent: false, changed: [path], pendingFiles: 1 });
    expect(after.text).toMatch(/\nIndex: 1 file pending since 20[^\n]*\n$/);
  });

  it('as it reads now around a hole', async () => {
    const server = scriptedModelServer();
    edit((text) => text.replace('60_000', '30_000'));
    const call = { model: 'tiny', prompt: 'const limiter = new RateLimiter(', suffix: ');\n', options: {} };
    const lorekeep = lorekeepOf({ projects: ['parcel-desk'] });
    await readExchange(
      await gatewayOn(server, { projects: project.projects }).complete({ call, lorekeep }, contextOf()),
    );
    const { snippets = [] } = server.calls[0] as { snippets?: readonly { text: string }[] };
    const given = snippets.map(({ text }) => text).join('\n');
    expect([given.includes('30_000'), given.includes('60_000')]).toEqual([true, false]);
  });

  it('as it reads now, and says so, where the native route is asked', async () => {
    edit((text) => text.replace('60_000', '30_000'));
    const events = await allOf(
      gateway().open.ask(
        { question, projects: ['parcel-desk'], files: [], retrieve: 'auto', cache: true, model: null },
        contextOf(),
      ),
    );
    const freshness = { isCurrent: false, changed: [path] };
    expect(events).toMatchObject([
      { type: 'decision', decision: { freshness } },
      { type: 'evidence', freshness },
      { type: 'answer', answer: { freshness } },
    ]);
    expect(JSON.stringify(events)).toContain('30_000');
  });

  it('which a kept answer depends on, and on nothing else of the file', async () => {
    const { chat } = gateway();
    const { key } = await chat([user(question)]);
    appendFileSync(join(project.root, path), '\n// Buckets that are full stay full.\n');
    const elsewhere = await chat([user(question)]);
    expect(elsewhere.freshness).toMatchObject({ isCurrent: false });
    expect(elsewhere.key).toEqual(key);
    edit((text) => text.replace('60_000', '30_000'));
    expect((await chat([user(question)])).key).not.toEqual(key);
  });
});

describe('a conversation', () => {
  const changedNotice = expect.stringContaining(`has changed since: ${path}.`);
  const next = [user(question), answered, user('thanks')];

  it.each([
    ['when code that an earlier message was given has changed', () => edit((text) => text.replace('60_000', '30_000'))],
    ['when its file is gone', () => rmSync(join(project.root, path))],
  ])('is told %s', async (_, change) => {
    const { chat } = gateway();
    const first = await chat([user(question)]);
    change();
    for (const retrieve of ['auto', 'never'] as const) {
      const second = await chat(next, { retrieve });
      expect(second.sent.startsWith(first.sent)).toBe(true);
      expect(second.notices).toContainEqual(changedNotice);
    }
  });

  it('is told nothing when the file has changed elsewhere, or not at all', async () => {
    const { chat } = gateway();
    await chat([user(question)]);
    expect((await chat(next)).notices).not.toContainEqual(changedNotice);
    appendFileSync(join(project.root, path), '\n// Buckets that are full stay full.\n');
    expect((await chat(next)).notices).not.toContainEqual(changedNotice);
  });
});
