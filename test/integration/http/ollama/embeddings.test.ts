import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/core/errors.ts';
import type { ForwardedRequest } from '../../../../src/core/gateway/model-server.ts';
import type { Gateway } from '../../../../src/verbs/gateway/gateway.ts';
import { modelInfoOf } from '../../../support/fake-gateway.ts';
import { ollamaRoutes } from '../../../support/ollama-routes.ts';

const model = 'all-minilm';

const serviceOf = (methods: Partial<Gateway> = {}) => ollamaRoutes({ methods, models: [modelInfoOf({ name: model })] });

describe('/api/embed', () => {
  it('embeds texts, with what Ollama counts', async () => {
    const embed = async () => ({ vectors: [[1, 0]], promptTokens: 4, totalNs: 9, loadNs: 3 });
    const response = await serviceOf({ embed }).post('/api/embed', { model, input: ['a'] });
    expect(await response.text()).toBe(
      JSON.stringify({ model, embeddings: [[1, 0]], total_duration: 9, load_duration: 3, prompt_eval_count: 4 }),
    );
  });

  it('hands over all that can be asked', async () => {
    const { post, gateway } = serviceOf();
    const asked = { model, input: 'a', truncate: false, dimensions: 2, keep_alive: '1m', options: { num_ctx: 512 } };
    await post('/api/embed', asked);
    expect(gateway.calls[0]?.arguments[0]).toEqual({
      model,
      inputs: ['a'],
      truncate: false,
      dimensions: 2,
      keepAlive: '1m',
      options: { num_ctx: 512 },
    });
  });

  it.each([[''], [[]], [null], [undefined]])('loads the model for the input %j', async (input) => {
    const { post, gateway } = serviceOf();
    expect(await (await post('/api/embed', { model, input })).json()).toEqual({ model, embeddings: [] });
    expect(gateway.calls[0]?.arguments[0]).toMatchObject({ inputs: [] });
  });

  it.each([
    [{ model, input: 5 }, 400],
    [{ model, input: ['a', 5] }, 400],
    [{ model, input: 'a', truncate: 'no' }, 400],
    [{ input: 'a' }, 404],
  ])('refuses %j', async (body, status) => {
    const response = await serviceOf().post('/api/embed', body);
    expect([response.status, await response.json()]).toEqual([status, { error: expect.any(String) }]);
  });
});

describe('/api/embeddings', () => {
  const noOllama = () => Promise.reject(new ServiceError('request_invalid', 'No Ollama is in use.'));
  const unknown = async () => Response.json({ error: 'model not found' }, { status: 404 });

  it("is Ollama's own vector, whose length is the model's, with the window that all calls have", async () => {
    const forward = async () => Response.json({ embedding: [3, 4] });
    const { post, gateway } = serviceOf({ forward });
    const response = await post('/api/embeddings', { model, prompt: 'a', options: { num_ctx: 9, num_thread: 1 } });
    expect(await response.json()).toEqual({ embedding: [3, 4] });
    const sent = gateway.calls.find(({ method }) => method === 'forward')?.arguments[0] as ForwardedRequest;
    expect(JSON.parse(sent.body as string)).toEqual({ model, prompt: 'a', options: { num_thread: 1 } });
  });

  it.each([
    ['there is no Ollama', noOllama],
    ['it does not know the model', unknown],
  ])('is a unit vector where %s', async (_, forward) => {
    const { post } = serviceOf({ forward });
    expect(await (await post('/api/embeddings', { model, prompt: 'a' })).json()).toEqual({ embedding: [0.6, 0.8] });
    expect(await (await post('/api/embeddings', { model })).json()).toEqual({ embedding: [] });
  });

  it.each([
    [{}, 400],
    [{ model, prompt: ['a'] }, 400],
    [{ model: 'nope', prompt: 'a' }, 404],
  ])('refuses %j before anything is sent', async (body, status) => {
    const { post, gateway } = serviceOf();
    expect((await post('/api/embeddings', body)).status).toBe(status);
    expect(gateway.calls.map(({ method }) => method)).not.toContain('forward');
  });
});
