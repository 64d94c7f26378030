import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/core/errors.ts';
import { doneOf } from '../../../support/fake-gateway.ts';
import { linesOf, ollamaRoutes } from '../../../support/ollama-routes.ts';

const model = 'deepseek-coder:7b';
const hi = { model, messages: [{ role: 'user', content: 'hi' }] };

describe('errors', () => {
  const missing = new ServiceError('model_missing', 'There is no such model.');

  it.each([
    [missing, 404],
    [new ServiceError('rate_limited', 'Too many.', { retryAfterSeconds: 3 }), 429],
    [new ServiceError('request_invalid', 'It does not support tools.'), 400],
    [new ServiceError('model_unavailable', 'It is not there.'), 503],
  ])('before the first event have their own status: %s', async (error, status) => {
    for (const stream of [true, false]) {
      const response = await ollamaRoutes({ events: [error] }).post('/api/chat', { ...hi, stream });
      expect([response.status, await response.json()]).toEqual([status, { error: error.message }]);
    }
  });

  it('of the gateway itself, too', async () => {
    const methods = { chat: () => Promise.reject(missing) };
    expect((await ollamaRoutes({ methods }).post('/api/chat', hi)).status).toBe(404);
  });

  it('behind the first event are the last line', async () => {
    const broken = new ServiceError('model_timeout', 'The model was silent for 300 s.');
    const { post, gateway } = ollamaRoutes({ events: [{ type: 'delta', text: 'a' }, broken] });
    const response = await post('/api/chat', hi);
    expect(response.status).toBe(200);
    const lines = await linesOf(response);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toEqual({ error: broken.message });
    expect(gateway.calls[0]?.arguments[1]).toMatchObject({ trace: { error: 'model_timeout' } });
  });

  it('behind the first event are the status where nothing is streamed', async () => {
    const events = [{ type: 'delta', text: 'a' } as const, new ServiceError('model_timeout', 'It was silent.')];
    expect((await ollamaRoutes({ events }).post('/api/chat', { ...hi, stream: false })).status).toBe(504);
  });

  it('do not show what failed inside', async () => {
    const events = [{ type: 'delta', text: 'a' } as const, new TypeError('secret is undefined')];
    const lines = await linesOf(await ollamaRoutes({ events }).post('/api/chat', hi));
    expect(lines[1]).toEqual({ error: expect.stringMatching(/^Something went wrong inside Lorekeep.*id-1/) });
  });

  it('tell that an answer has no end', async () => {
    const events = [{ type: 'delta', text: 'a' } as const];
    const lines = await linesOf(await ollamaRoutes({ events }).post('/api/chat', hi));
    expect(lines[1]).toEqual({ error: expect.stringMatching(/ended before it was complete/) });
  });

  it('tell why the service stopped a stream', async () => {
    const { post, stopAll } = ollamaRoutes({ events: [{ type: 'delta', text: 'a' }, new Promise(() => {})] });
    const response = await post('/api/chat', hi);
    const reader = response.body!.getReader();
    await reader.read();
    stopAll(new ServiceError('aborted', 'The service shuts down.'));
    const { value } = await reader.read();
    expect(JSON.parse(new TextDecoder().decode(value))).toEqual({ error: 'The service shuts down.' });
    expect((await reader.read()).done).toBe(true);
  });
});

describe('a silent model', () => {
  const quiet = {
    model,
    created_at: '2026-01-02T03:04:05.678Z',
    message: { role: 'assistant', content: '' },
    done: false,
  };

  it('gets its head sent and is broken again and again by lines without content', async () => {
    const slow = Promise.withResolvers<void>();
    const events = [slow.promise, { type: 'delta', text: 'late' } as const, doneOf()];
    const response = await ollamaRoutes({ events }, { silenceMs: 5 }).post('/api/chat', hi);
    expect(response.status).toBe(200);
    // The exchange is open: what was decided is known, though the model has said nothing.
    expect(response.headers.get('x-lorekeep-route')).toBe('hybrid');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let count = 0; count < 3; count += 1) expect(JSON.parse((await reader.read()).value!)).toEqual(quiet);
    slow.resolve();
    let rest = '';
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value;
    const contents = rest
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).message.content as string);
    expect(contents.filter((content) => content !== '')).toEqual(['late']);
    expect(rest).toMatch(/"done":true[^\n]*\n$/);
  });

  it('fails in the stream, once the head is sent', async () => {
    const slow = Promise.withResolvers<never>();
    const response = await ollamaRoutes({ methods: { chat: () => slow.promise } }, { silenceMs: 5 }).post(
      '/api/chat',
      hi,
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('x-lorekeep-route')).toBeNull();
    slow.reject(new ServiceError('rate_limited', 'No place came free.'));
    expect((await linesOf(response)).at(-1)).toEqual({ error: 'No place came free.' });
  });

  it.each([
    ['while it is asked', [{ type: 'delta', text: 'a' } as const, new Promise(() => {})]],
    ['between two pieces', [{ type: 'delta', text: 'a' } as const, { type: 'delta', text: 'b' } as const, doneOf()]],
  ])('is no longer asked when the client goes away %s', async (_, events) => {
    const { post, gateway } = ollamaRoutes({ events });
    const reader = (await post('/api/chat', hi)).body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(gateway.ended()).toBe(1);
  });
});

describe('requests that Ollama refuses, too', () => {
  it.each([
    ['/api/generate', '', 400],
    ['/api/generate', '{', 400],
    ['/api/generate', '[]', 400],
    ['/api/generate', {}, 404],
    ['/api/chat', {}, 400],
    ['/api/generate', { model, prompt: 3 }, 400],
    ['/api/generate', { model, prompt: 'a', raw: true, system: 's' }, 400],
    ['/api/generate', { model, prompt: 'a', think: 'perhaps' }, 400],
    ['/api/generate', { model, prompt: 'a', keep_alive: 'soon' }, 400],
    ['/api/generate', { model, prompt: 'a', images: ['data:image/png;base64,aGk='] }, 400],
    ['/api/generate', { model, prompt: 'a', options: { temperature: 'hot' } }, 400],
    ['/api/generate', { model, prompt: 'a', options: { stop: 'x' } }, 400],
    ['/api/generate', { model, prompt: 'a', format: 'xml' }, 400],
    ['/api/chat', { ...hi, messages: 'hi' }, 400],
    ['/api/chat', { ...hi, messages: [{ role: 'user', content: ['hi'] }] }, 400],
    ['/api/chat', { ...hi, messages: [{ role: 'wizard', content: 'hi' }] }, 400],
    ['/api/chat', { ...hi, tools: [5] }, 400],
    ['/api/chat', { ...hi, lorekeep: { retrieve: 'perhaps' } }, 400],
    ['/api/chat', { ...hi, lorekeep: { projekt: 'shop' } }, 400],
  ])('%s %j', async (path, body, status) => {
    const { post, gateway } = ollamaRoutes();
    const response = await post(path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    expect(gateway.calls).toEqual([]);
  });
});
