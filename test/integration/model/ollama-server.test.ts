import { describe, expect, it } from 'vitest';
import type { ChatCall, CompletionCall } from '../../../src/core/gateway/model-server.ts';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import { sendJson } from '../../support/fake-server.ts';
import type { FakeAnswer, FakeServer } from '../../support/fake-server.ts';
import { chatCall, chatText, eventsOf, ollamaOf, withFake } from '../../support/ollama-of.ts';

const whole: FakeAnswer = (response) => sendLines(response, [chatLine('Yes'), lastLine()]);
const generated: FakeAnswer = (response) =>
  sendLines(response, [
    { model: 'tiny', response: 'Yes', done: false },
    { model: 'tiny', response: '', done: true, done_reason: 'stop', context: [1, 2] },
  ]);

function bodies(server: FakeServer, path: string): readonly Readonly<Record<string, unknown>>[] {
  return server.seen.filter((request) => request.path === path).map(({ body }) => body);
}

/** What a chat call becomes. */
async function chatBodyOf(call: Partial<ChatCall>): Promise<unknown> {
  await using server = await startFakeOllama({ '/api/chat': whole });
  await eventsOf(ollamaOf(server.url).chat({ ...chatCall, ...call }));
  return bodies(server, '/api/chat')[0];
}

describe('a chat call', () => {
  it('is sent with one window, whatever it asks for, and never to be cut', async () => {
    const options = { temperature: 0, stop: ['x'], num_ctx: 2_048 };
    expect(await chatBodyOf({ options, extra: { shift: true, logprobs: true, stream: false } })).toEqual({
      model: 'tiny',
      messages: [{ role: 'user', content: 'hi' }],
      options: { temperature: 0, stop: ['x'], num_ctx: 8_192 },
      truncate: false,
      shift: false,
      stream: true,
      logprobs: true,
    });
  });

  it('carries what the protocol knows', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const sent = await chatBodyOf({
      tools,
      format: { type: 'object' },
      think: 'low',
      keepAlive: -1,
      messages: [
        { role: 'user', content: 'look', images: ['aGk='] },
        { role: 'assistant', content: '', thinking: 'Hm', toolCalls: [{ id: 'c1', name: 'f', arguments: { a: 1 } }] },
        { role: 'tool', content: '42', toolName: 'f', toolCallId: 'c1' },
      ],
    });
    expect(sent).toMatchObject({
      tools,
      format: { type: 'object' },
      think: 'low',
      keep_alive: -1,
      messages: [
        { images: ['aGk='] },
        { thinking: 'Hm', tool_calls: [{ id: 'c1', function: { index: 0, name: 'f', arguments: { a: 1 } } }] },
        { role: 'tool', content: '42', tool_name: 'f', tool_call_id: 'c1' },
      ],
    });
  });

  it('is sent again while the server is busy, and only before its answer has begun', async () => {
    let requests = 0;
    const busy: FakeAnswer = (response, request) => {
      requests += 1;
      if (requests === 1) sendJson(response, { error: 'server busy' }, 503);
      else return (whole as (...args: unknown[]) => void)(response, request);
    };
    await withFake({ '/api/chat': busy }, async (server) => expect(await chatText(server)).toBe('Yes'));
    expect(requests).toBe(2);
    const broken: FakeAnswer = (response) => {
      requests += 1;
      response.writeHead(200).write(`${JSON.stringify(chatLine('Ye'))}\n`, () => response.destroy());
    };
    requests = 0;
    await withFake({ '/api/chat': broken }, (server) =>
      expect(chatText(server)).rejects.toMatchObject({ code: 'model_unavailable' }),
    );
    expect(requests).toBe(1);
  });

  it('keeps the words of a refusal', async () => {
    const refuse: FakeAnswer = (response) => sendJson(response, { error: 'tiny does not support tools' }, 400);
    await withFake({ '/api/chat': refuse }, (server) =>
      expect(chatText(server)).rejects.toMatchObject({
        code: 'request_invalid',
        message: expect.stringContaining('tiny does not support tools'),
      }),
    );
  });
});

describe('what is known of models', () => {
  it('is asked for once, for all callers at once and for a while', async () => {
    let time = 0;
    await using server = await startFakeOllama({ '/api/chat': whole });
    const ollama = ollamaOf(server.url, { now: () => time });
    await Promise.all(Array.from({ length: 20 }, () => chatText(ollama)));
    const lookups = () => server.seen.map(({ path }) => path).filter((path) => path !== '/api/chat');
    expect(lookups()).toEqual(['/api/tags', '/api/show', '/api/ps']);
    time = 10_000;
    await chatText(ollama);
    expect(lookups()).toEqual(['/api/tags', '/api/show', '/api/ps', '/api/tags']);
  });

  it('keeps its window when memory has changed', async () => {
    let ramBytes = 1e12;
    let time = 0;
    const shown = {
      capabilities: ['completion'],
      model_info: {
        'general.architecture': 'llama',
        'llama.context_length': 65_536,
        'llama.embedding_length': 4_096,
        'llama.block_count': 32,
        'llama.attention.head_count': 32,
      },
    };
    await using server = await startFakeOllama({ '/api/show': shown });
    const freeMemory = () => ({ ramBytes, gpuBytes: null });
    const ollama = ollamaOf(server.url, { now: () => time, freeMemory });
    expect(await ollama.describe('tiny')).toMatchObject({ windowTokens: 32_768, contextTokens: 65_536 });
    ramBytes = 0;
    time = 3_600_000;
    expect(await ollama.describe('tiny')).toMatchObject({ windowTokens: 32_768 });
    expect(await ollamaOf(server.url, { freeMemory }).describe('tiny')).toMatchObject({ windowTokens: 4_096 });
  });

  it('lists every model that may be asked, one without a description with a notice', async () => {
    const models = [
      {
        name: 'one:latest',
        digest: 'd1',
        size: 5,
        details: { family: 'llama', parameter_size: '7B', quantization_level: 'Q4_0' },
      },
      { name: 'broken:latest', digest: 'd2' },
      { name: 'far:latest', digest: 'd3', remote_host: 'https://elsewhere.example' },
      { name: 'big:1t-cloud', digest: 'd4' },
    ];
    const show: FakeAnswer = (response, { body }) =>
      body['model'] === 'broken:latest'
        ? sendJson(response, { error: 'bad file' }, 500)
        : sendJson(response, { capabilities: ['completion', 'tools'] });
    await using server = await startFakeOllama({ '/api/tags': { models }, '/api/show': show });
    expect(await ollamaOf(server.url).models()).toMatchObject([
      {
        name: 'one:latest',
        bytes: 5,
        parameterSize: '7B',
        quantization: 'Q4_0',
        capabilities: ['completion', 'tools'],
      },
      { name: 'broken:latest', notices: [expect.stringContaining('bad file')] },
    ]);
  });

  it('counts tokens by the vocabulary of the model, once read, and else by an estimate', async () => {
    const shown: FakeAnswer = (response, { body }) =>
      sendJson(response, { model_info: body['verbose'] === true ? { words: 3 } : {} });
    await using server = await startFakeOllama({ '/api/show': shown });
    const vocabularyCounter = ({ words }: Readonly<Record<string, unknown>>) => ({
      isExact: true,
      count: () => Number(words),
    });
    const ollama = ollamaOf(server.url, { vocabularyCounter });
    for (let index = 0; index < 2; index += 1) {
      const counter = await ollama.tokenCounter('tiny');
      expect([counter.isExact, counter.count('a')]).toEqual([true, 3]);
    }
    expect(bodies(server, '/api/show')).toHaveLength(2);
    const estimate = await ollamaOf(server.url, { vocabularyCounter: () => null }).tokenCounter('tiny');
    expect([estimate.isExact, estimate.count('one word')]).toEqual([false, 3]);
    expect((await ollamaOf(server.url).tokenCounter('tiny')).isExact).toBe(false);
  });
});

describe('a completion', () => {
  const listed = (name: string) => ({ '/api/tags': { models: [{ name, digest: 'd' }] }, '/api/generate': generated });
  const hole: CompletionCall = { model: 'deepseek-coder:6.7b', prompt: 'def f(', suffix: '):', options: {} };

  async function bodyOf(call: CompletionCall, more: Readonly<Record<string, FakeAnswer>> = {}): Promise<unknown> {
    await using server = await startFakeOllama({ ...listed(call.model), ...more });
    await eventsOf(ollamaOf(server.url).complete(call));
    return bodies(server, '/api/generate')[0];
  }

  it('passes on its fields, and gives the context back', async () => {
    await using server = await startFakeOllama(listed('tiny:latest'));
    const call = { model: 'tiny', prompt: 'a', system: 's', context: [7], template: 't', images: ['aGk='], suffix: '' };
    expect(await eventsOf(ollamaOf(server.url).complete({ ...call, options: {} }))).toMatchObject([
      { type: 'delta', text: 'Yes' },
      { type: 'done', context: [1, 2] },
    ]);
    expect(bodies(server, '/api/generate')).toMatchObject([call]);
  });

  it('of a hole is left to a template that can', async () => {
    const sent = await bodyOf(hole, { '/api/show': { capabilities: ['completion', 'insert'] } });
    expect(sent).toMatchObject({ prompt: 'def f(', suffix: '):' });
    expect(sent).not.toHaveProperty('raw');
  });

  it.each([
    ['whose template cannot', {}, {}],
    ['with nothing before it', { prompt: '' }, { '/api/show': { capabilities: ['insert'] } }],
    ['that is to be raw', { raw: true }, { '/api/show': { capabilities: ['insert'] } }],
  ])('of a hole %s is written here', async (_case, call, answers) => {
    const sent = await bodyOf({ ...hole, ...call }, answers);
    const { prompt } = { ...hole, ...call };
    expect(sent).toMatchObject({
      prompt: `<｜fim▁begin｜>${prompt}<｜fim▁hole｜>):<｜fim▁end｜>`,
      raw: true,
      options: { stop: expect.arrayContaining(['<|EOT|>']) },
    });
    expect(sent).not.toHaveProperty('suffix');
  });

  it('of a hole is refused by a model that cannot fill one', async () => {
    await expect(bodyOf({ ...hole, model: 'llama3:8b' })).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('"llama3:8b" does not support insert'),
    });
  });
});

describe('embeddings', () => {
  it('pass on what was asked, and the counts', async () => {
    const answer = { embeddings: [[1, 0]], total_duration: 9, load_duration: 3, prompt_eval_count: 2 };
    await using server = await startFakeOllama({ '/api/embed': answer });
    const call = {
      model: 'tiny',
      inputs: ['a'],
      truncate: true,
      dimensions: 2,
      keepAlive: '1m',
      options: { num_ctx: 1 },
    };
    expect(await ollamaOf(server.url).embed(call)).toEqual({
      vectors: [[1, 0]],
      promptTokens: 2,
      totalNs: 9,
      loadNs: 3,
    });
    expect(bodies(server, '/api/embed')).toEqual([
      { model: 'tiny', input: ['a'], truncate: true, dimensions: 2, keep_alive: '1m', options: { num_ctx: 8_192 } },
    ]);
  });
});
