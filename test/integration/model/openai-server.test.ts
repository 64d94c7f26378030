import { describe, expect, it } from 'vitest';
import type { CompletionCall } from '../../../src/core/gateway/model-server.ts';
import { collect } from '../../contract/model-server.ts';
import { answerPaths, chatPiece, openaiServerOf, sendEvents, usagePiece } from '../../support/fake-openai-answers.ts';
import { openaiError, startFakeOpenai } from '../../support/fake-openai.ts';
import { sendJson } from '../../support/fake-server.ts';
import type { FakeAnswer } from '../../support/fake-server.ts';

const call = { model: 'tiny', messages: [{ role: 'user', content: 'Why?' }], options: {} } as const;
const chatPath = '/v1/chat/completions';
const answering = (answer: FakeAnswer) => startFakeOpenai({ [chatPath]: answer });

describe('what an answer is made of', () => {
  it('thinking, text, tool calls, counts and times', async () => {
    const tool = { index: 0, id: 'c1', function: { name: 'look', arguments: '{"a":1}' } };
    await using server = await answering((response) =>
      sendEvents(response, [
        chatPiece({ role: 'assistant', content: null, reasoning_content: 'Hm.' }),
        chatPiece({ reasoning: ' So.' }),
        chatPiece({ content: 'Because.', tool_calls: [tool] }),
        chatPiece({}, 'tool_calls'),
        { ...usagePiece, timings: { prompt_ms: 2, predicted_ms: 3.5 } },
        '[DONE]',
      ]),
    );
    const { deltas, done } = await collect(openaiServerOf(server).chat(call));
    expect(deltas).toEqual([
      { type: 'delta', text: '', thinking: 'Hm.' },
      { type: 'delta', text: '', thinking: ' So.' },
      { type: 'delta', text: 'Because.' },
      { type: 'delta', text: '', toolCalls: [{ id: 'c1', name: 'look', arguments: { a: 1 } }] },
    ]);
    expect(done).toEqual({
      type: 'done',
      reason: 'stop',
      promptTokens: 11,
      outputTokens: 4,
      times: { totalNs: 5.5e6, loadNs: 0, promptNs: 2e6, outputNs: 3.5e6 },
    });
  });

  it('counts where the server does not, and says so', async () => {
    await using server = await answering((response) =>
      sendEvents(response, [chatPiece({ content: 'Because it is.' }), chatPiece({}, 'length')]),
    );
    const { done } = await collect(openaiServerOf(server).chat(call));
    expect(done).toMatchObject({ reason: 'length', notices: ['The server told no token counts: they are estimated.'] });
    expect(done.promptTokens).toBeGreaterThan(0);
    expect(done.outputTokens).toBeGreaterThan(2);
  });

  it('a tool call that breaks off is left out and told', async () => {
    const tool = { index: 0, id: 'c1', function: { name: 'look', arguments: '{"a":' } };
    await using server = await answering((response) =>
      sendEvents(response, [chatPiece({ tool_calls: [tool] }), chatPiece({}, 'length'), usagePiece, '[DONE]']),
    );
    const { deltas, done } = await collect(openaiServerOf(server).chat(call));
    expect(deltas).toEqual([]);
    expect(done.notices).toEqual([expect.stringContaining('the tool "look"')]);
  });

  it('an answer that is not streamed', async () => {
    await using server = await answering({
      choices: [{ message: { role: 'assistant', content: 'Because.' }, finish_reason: 'stop' }],
      usage: usagePiece.usage,
    });
    expect(await collect(openaiServerOf(server).chat(call))).toMatchObject({
      text: 'Because.',
      done: { outputTokens: 4 },
    });
  });
});

describe('failures', () => {
  const failing = async (answer: FakeAnswer): Promise<unknown> => {
    await using server = await answering(answer);
    const key = { generatorKey: 'k-secret', idleTimeoutMs: 200 };
    return await collect(openaiServerOf(server, key).chat(call)).catch((error: unknown) => error);
  };

  it.each<[string, FakeAnswer, object]>([
    [
      'a key that is refused',
      (response) => sendJson(response, openaiError('Incorrect API key: k-secret'), 401),
      { code: 'config_invalid', message: expect.stringContaining('LOREKEEP_GENERATOR_KEY') },
    ],
    [
      'a prompt that does not fit, as llama.cpp tells it',
      (response) => {
        const sizes = { n_prompt_tokens: 5_023, n_ctx: 4_096 };
        const error = { code: 400, message: 'too long', type: 'exceed_context_size_error', ...sizes };
        sendJson(response, { error }, 400);
      },
      { code: 'request_invalid', message: expect.stringMatching(/5023 tokens, the window 4096/) },
    ],
    [
      'an error in the middle',
      (response) =>
        sendEvents(response, [chatPiece({ content: 'Be' }), { error: { message: 'slot lost', code: 500 } }]),
      { code: 'model_unavailable', message: expect.stringContaining('slot lost') },
    ],
    [
      'an error event without an error field',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end('event: error\ndata: {"message":"no memory left","code":503}\n\n');
      },
      { code: 'model_unavailable', message: expect.stringContaining('no memory left') },
    ],
    [
      'an answer without an end',
      (response) => sendEvents(response, [chatPiece({ content: 'Be' })]),
      { code: 'model_unavailable', message: expect.stringContaining('before it was complete') },
    ],
    [
      'an end without a reason',
      (response) => sendEvents(response, [chatPiece({ content: 'Be' }), '[DONE]']),
      { code: 'model_unavailable', message: expect.stringContaining('before it was complete') },
    ],
    [
      'a line that is no JSON',
      (response) => sendEvents(response, ['{"choices":']),
      { code: 'model_unavailable', message: expect.stringContaining('no JSON') },
    ],
    [
      'a connection that breaks',
      (response) => {
        sendEvents(response, [chatPiece({ content: 'Be' })], false);
        setImmediate(() => response.destroy());
      },
      { code: 'model_unavailable' },
    ],
    [
      'silence in the middle',
      (response) => sendEvents(response, [chatPiece({ content: 'Be' })], false),
      { code: 'model_timeout', message: expect.stringContaining('fell silent') },
    ],
    ['silence', () => undefined, { code: 'model_timeout', message: expect.stringContaining('sent no answer') }],
    [
      'status 200 and no answer',
      { hello: 1 },
      { code: 'model_unavailable', message: expect.stringContaining('--generator-url') },
    ],
  ])('%s', async (_case, answer, expected) => {
    const failure = await failing(answer);
    expect(failure).toMatchObject(expected);
    expect(String(failure)).not.toContain('k-secret');
  });

  it('an empty answer: asks once without a stream, to hear why', async () => {
    await using server = await answering((response, { body }) => {
      if (body['stream'] === true) sendEvents(response, []);
      else sendJson(response, openaiError('maximum context length is 1024 tokens'), 400);
    });
    await expect(collect(openaiServerOf(server).chat(call))).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('1024 tokens'),
    });
    expect(server.seen.map(({ body }) => body['max_tokens'])).toEqual([undefined, 1]);
  });

  it('who leaves closes the connection', async () => {
    await using server = await startFakeOpenai(answerPaths);
    for await (const event of openaiServerOf(server).chat(call)) if (event.type === 'delta') break;
    await expect(server.abandoned).resolves.toBeUndefined();
  });

  it('a host that nobody allowed is never asked', () => {
    const seen = { url: 'https://models.example' } as Parameters<typeof openaiServerOf>[0];
    expect(() => openaiServerOf(seen)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });
});

describe('completions', () => {
  const hole: CompletionCall = { model: 'tiny', prompt: 'a = ', suffix: ';', options: { num_predict: 2, stop: 'x' } };

  it('a hole is written out where the family is known, with the code that came with it; else sent as a suffix', async () => {
    await using server = await startFakeOpenai(answerPaths);
    const snippets = [
      { path: 'best.ts', text: 'const best = 1;' },
      { path: 'next.ts', text: 'const next = 2;' },
    ];
    const plain = await collect(openaiServerOf(server).complete({ ...hole, snippets }));
    await collect(openaiServerOf(server).complete({ ...hole, snippets, model: 'qwen2.5-coder' }));
    const bodies = server.seen.filter(({ path }) => path === '/v1/completions').map(({ body }) => body);
    expect(bodies[0]).toMatchObject({ prompt: 'a = ', suffix: ';', stop: 'x' });
    expect(plain.done.notices).toEqual(['The evidence was left out: the server itself writes the hole out.']);
    expect(bodies[1]?.['prompt']).toMatch(/next[^]*best[^]*<\|fim_prefix\|>a = <\|fim_suffix\|>;<\|fim_middle\|>$/);
    expect(bodies[1]?.['stop']).toEqual(expect.arrayContaining(['x', '<|endoftext|>']));
    expect(bodies[1]).not.toHaveProperty('suffix');
  });

  it.each([{ template: '{{ .Prompt }}' }, { context: [1] }, { raw: true, images: ['iVBORw0'] }])(
    'refuses %j',
    async (more) => {
      await using server = await startFakeOpenai(answerPaths);
      const running = collect(openaiServerOf(server).complete({ ...hole, ...more }));
      await expect(running).rejects.toMatchObject({ code: 'request_invalid' });
      expect(server.seen).toEqual([]);
    },
  );
});

describe('what servers tell of their models', () => {
  const described = async (paths: Readonly<Record<string, FakeAnswer>>) => {
    await using server = await startFakeOpenai(paths);
    return await openaiServerOf(server).describe('tiny');
  };
  const list = (entry: object): FakeAnswer => ({ data: [{ id: 'tiny', ...entry }] });

  it('vLLM: its window', async () => {
    const info = await described({ '/v1/models': list({ owned_by: 'vllm', max_model_len: 32_768, root: 'org/tiny' }) });
    expect(info).toMatchObject({ contextTokens: 32_768, windowTokens: 32_768, digest: 'org/tiny', notices: [] });
    expect(info.capabilities).not.toContain('insert');
  });

  it('llama.cpp: what the model was trained for, and the window that it runs in', async () => {
    const meta = { n_ctx_train: 131_072, n_params: 6_738_546_688, size: 3.8e9 };
    const info = await described({
      '/v1/models': list({ owned_by: 'llamacpp', meta }),
      '/props': { default_generation_settings: { n_ctx: 8_192 }, modalities: { vision: true } },
    });
    expect(info).toMatchObject({ contextTokens: 131_072, windowTokens: 8_192, parameterSize: '6.7B', bytes: 3.8e9 });
    expect(info.capabilities).toContain('vision');
  });

  it.each([
    [
      '/api/v0/models',
      {
        data: [
          {
            id: 'tiny',
            max_context_length: 16_384,
            loaded_context_length: 4_096,
            arch: 'llama',
            quantization: 'Q4_K_M',
            type: 'llm',
            capabilities: ['tool_use'],
          },
        ],
      },
    ],
    [
      '/api/v1/models',
      {
        models: [
          {
            key: 'tiny',
            max_context_length: 16_384,
            loaded_instances: [{ config: { context_length: 4_096 } }],
            architecture: 'llama',
            quantization: { name: 'Q4_K_M' },
            type: 'llm',
            capabilities: { trained_for_tool_use: true },
          },
        ],
      },
    ],
  ])('LM Studio: its own list at %s', async (path, own) => {
    const info = await described({ '/v1/models': list({ owned_by: 'organization_owner' }), [path]: own });
    expect(info).toMatchObject({ contextTokens: 16_384, windowTokens: 4_096, family: 'llama', quantization: 'Q4_K_M' });
    expect(info.capabilities).toEqual(['completion', 'tools']);
  });

  it('nothing: 4096 tokens, and a sentence that says so', async () => {
    const info = await described({});
    expect(info).toMatchObject({ contextTokens: 4_096, windowTokens: 4_096 });
    expect(info.notices).toEqual([expect.stringContaining('4096 tokens are assumed')]);
  });

  it('is asked for anew after ten seconds, not for every request', async () => {
    await using server = await startFakeOpenai({});
    let now = 0;
    const models = openaiServerOf(server, { now: () => now });
    for (now of [0, 9_999, 10_000]) await models.describe('tiny');
    expect(server.seen).toHaveLength(2);
  });
});

describe('vectors', () => {
  it('a text that is too long is cut, unless that is not wanted', async () => {
    await using server = await startFakeOpenai({});
    const models = openaiServerOf(server);
    const inputs = ['short', 'long '.repeat(1_000)];
    expect((await models.embed({ model: 'tiny', inputs })).vectors).toHaveLength(2);
    await expect(models.embed({ model: 'tiny', inputs, truncate: false })).rejects.toMatchObject({
      code: 'request_invalid',
    });
  });
});
