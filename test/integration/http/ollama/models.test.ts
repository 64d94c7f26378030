import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/core/errors.ts';
import type { ForwardedRequest } from '../../../../src/core/gateway/model-server.ts';
import type { Gateway, ServedProject } from '../../../../src/verbs/gateway/gateway.ts';
import type { FakeGatewayScript } from '../../../support/fake-gateway.ts';
import { modelInfoOf } from '../../../support/fake-gateway.ts';
import { ollamaRoutes } from '../../../support/ollama-routes.ts';

const noOllama = new ServiceError('request_invalid', 'No Ollama is in use.');
const down = new ServiceError('model_unavailable', 'Ollama does not answer.');
const details = { parent_model: '', format: 'gguf', family: 'llama', families: ['llama'], parameter_size: '7B' };
const entryOf = (name: string) => ({
  name,
  model: name,
  modified_at: '2026-01-01T00:00:00Z',
  size: 5,
  digest: name,
  details,
});
const projectOf = (name: string) => ({ name }) as ServedProject;

/** An Ollama that answers by path, and a gateway that knows the alias `coder:7b` of `coder:latest`. */
function withOllama(paths: Record<string, object | Error>, more: Partial<Gateway> = {}): FakeGatewayScript {
  const forward = async ({ path }: ForwardedRequest): Promise<Response> => {
    const answer = paths[path];
    if (answer instanceof Error) throw answer;
    return answer === undefined ? Response.json({ error: 'not found' }, { status: 404 }) : Response.json(answer);
  };
  const resolveModel = (name: string): string => {
    const base = name.replace(/@.*/, '');
    return base === 'coder:7b' ? 'coder' : base;
  };
  return { methods: { forward, resolveModel, ...more } };
}

describe('/api/version', () => {
  it.each([
    ['that of Ollama', { version: '0.12.3' }, '0.12.3'],
    ['the one that is spoken, where there is no Ollama', noOllama, '0.11.4'],
    ['the one that is spoken, while Ollama is down', down, '0.11.4'],
    ['the one that is spoken, where something else answers', { hello: 1 }, '0.11.4'],
  ])('is %s', async (_, answer, version) => {
    const { call } = ollamaRoutes(withOllama({ '/api/version': answer }));
    expect(await (await call('/api/version')).json()).toEqual({ version });
    const head = await call('/api/version', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('/api/tags', () => {
  const known = ['all:latest', 'coder:latest', 'coder:7b', 'other:latest'].map((name) => modelInfoOf({ name }));
  const tags = { models: [entryOf('coder:latest'), entryOf('all:latest'), entryOf('gpt:120b-cloud')] };

  it("keeps Ollama's own entries and order, adds aliases, and leaves out what may not be asked", async () => {
    const { call } = ollamaRoutes({
      ...withOllama({ '/api/tags': tags }, { projects: async () => [] }),
      models: known,
    });
    expect(await (await call('/api/tags')).json()).toEqual({
      models: [
        entryOf('coder:latest'),
        entryOf('all:latest'),
        { ...entryOf('coder:latest'), name: 'coder:7b', model: 'coder:7b' },
        {
          name: 'other:latest',
          model: 'other:latest',
          modified_at: '2026-01-02T03:04:05Z',
          size: 3_827_834_503,
          digest: modelInfoOf().digest,
          details: {
            parent_model: '',
            format: '',
            family: 'llama',
            families: ['llama'],
            parameter_size: '7B',
            quantization_level: 'Q4_0',
          },
        },
      ],
    });
  });

  it('names projects where there are several, for models that answer', async () => {
    const projects = async () => [projectOf('shop'), projectOf('bank')];
    const models = [...known.slice(1, 3), modelInfoOf({ name: 'embed', capabilities: ['embedding'] })];
    const { call } = ollamaRoutes({ ...withOllama({ '/api/tags': tags }, { projects }), models });
    const listed = (await (await call('/api/tags')).json()) as { models: { name: string; digest: string }[] };
    expect(listed.models.map(({ name }) => name)).toEqual([
      'coder:latest',
      'coder:7b',
      'embed',
      'coder:latest@shop',
      'coder:latest@bank',
    ]);
    expect(listed.models.at(-1)?.digest).toBe('coder:latest');
  });

  it.each([noOllama, down])('lists what else is there when Ollama cannot be asked: %s', async (problem) => {
    const { call } = ollamaRoutes(withOllama({ '/api/tags': problem }));
    expect(await (await call('/api/tags')).json()).toMatchObject({ models: [{ name: 'deepseek-coder:6.7b' }] });
  });

  it('answers HEAD', async () => {
    const head = await ollamaRoutes(withOllama({ '/api/tags': tags })).call('/api/tags', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('/api/ps', () => {
  it('is what Ollama says', async () => {
    const running = { models: [{ ...entryOf('coder:latest'), expires_at: '2026-01-01T00:05:00Z', size_vram: 0 }] };
    const { call } = ollamaRoutes(withOllama({ '/api/ps': running }));
    expect(await (await call('/api/ps')).json()).toEqual(running);
    expect((await ollamaRoutes(withOllama({ '/api/ps': down })).call('/api/ps')).status).toBe(503);
  });

  it('lists models of other servers as loaded for long, without their aliases', async () => {
    const models = [modelInfoOf(), modelInfoOf({ name: 'coder:7b' })];
    const { call } = ollamaRoutes({ ...withOllama({ '/api/ps': noOllama }), models });
    expect(await (await call('/api/ps')).json()).toEqual({
      models: [
        expect.objectContaining({
          name: 'deepseek-coder:6.7b',
          expires_at: '2126-01-02T03:04:05.678Z',
          size_vram: 0,
          context_length: 8_192,
        }),
      ],
    });
  });
});

describe('/api/show', () => {
  const info = modelInfoOf({ name: 'coder:7b', capabilities: ['completion', 'insert'], family: 'llama' });
  const describe7b = { describe: async () => info };
  const shown = {
    license: 'MIT',
    template: '{{ .Prompt }}',
    details,
    model_info: { 'general.architecture': 'qwen2', 'general.basename': 'Coder', 'qwen2.context_length': 32_768 },
    tensors: [{ name: 'a' }],
    capabilities: ['completion', 'tools'],
    modified_at: '2026-01-01T00:00:00Z',
  };

  it.each(['model', 'name'])("is Ollama's own, for the model behind the alias in `%s`", async (field) => {
    const { call, gateway } = ollamaRoutes(withOllama({ '/api/show': shown }, describe7b));
    const response = await call('/api/show', { body: { [field]: 'coder:7b', verbose: true } });
    expect(await response.json()).toEqual({ ...shown, capabilities: ['completion', 'tools', 'insert'] });
    const forwarded = gateway.calls.find(({ method }) => method === 'forward')?.arguments[0] as ForwardedRequest;
    expect(JSON.parse(forwarded.body as string)).toEqual({ model: 'coder', verbose: true });
  });

  it('names the asked model to Copilot Chat, which lists models by it', async () => {
    const { call } = ollamaRoutes(withOllama({ '/api/show': shown }, describe7b));
    const agent = { 'user-agent': 'GitHubCopilotChat/0.31' };
    const answer = await (await call('/api/show', { body: { model: 'coder:7b' }, headers: agent })).json();
    expect(answer).toMatchObject({ model_info: { ...shown.model_info, 'general.basename': 'coder:7b' } });
  });

  it.each([
    ['an old Ollama', { details, modified_at: 'x' }],
    ['an old file', { details, model_info: { 'general.architecture': 'llama' } }],
    ['no Ollama', noOllama],
    ['an Ollama that does not know the model', undefined],
  ])('has what clients read unguarded: %s', async (_, answer) => {
    const { call } = ollamaRoutes(withOllama(answer === undefined ? {} : { '/api/show': answer }, describe7b));
    expect(await (await call('/api/show', { body: { model: 'coder:7b' } })).json()).toMatchObject({
      model_info: {
        'general.architecture': 'llama',
        'general.basename': 'coder:7b',
        'llama.context_length': 16_384,
      },
      capabilities: ['completion', 'insert'],
    });
  });

  it('describes a model of another server: its window, and a place for a suffix where it has one', async () => {
    const { call } = ollamaRoutes(withOllama({ '/api/show': noOllama }, describe7b));
    expect(await (await call('/api/show', { body: { model: 'coder:7b' } })).json()).toMatchObject({
      parameters: 'num_ctx                        8192',
      template: '{{ .Prompt }}{{ .Suffix }}',
      details: { family: 'llama', parameter_size: '7B', quantization_level: 'Q4_0' },
      modified_at: '2026-01-02T03:04:05Z',
    });
  });

  it('refuses before Ollama is asked: no model, an unknown one, one that may not be used', async () => {
    const refused = new ServiceError('forbidden', 'It runs on another machine.');
    const { call, gateway } = ollamaRoutes(withOllama({ '/api/show': shown }));
    expect((await call('/api/show', { body: {} })).status).toBe(400);
    expect((await call('/api/show', { body: { model: 'nope' } })).status).toBe(404);
    expect(gateway.calls.map(({ method }) => method)).toEqual(['describe']);
    const remote = ollamaRoutes(withOllama({ '/api/show': shown }, { describe: () => Promise.reject(refused) }));
    expect((await remote.call('/api/show', { body: { model: 'x-cloud' } })).status).toBe(403);
    expect(remote.gateway.calls.map(({ method }) => method)).toEqual(['describe']);
  });

  it('hands on an error of Ollama', async () => {
    const forward = async () => Response.json({ error: 'broken file' }, { status: 500 });
    const { call } = ollamaRoutes(withOllama({}, { ...describe7b, forward }));
    const response = await call('/api/show', { body: { model: 'coder:7b' } });
    expect([response.status, await response.json()]).toEqual([500, { error: 'broken file' }]);
  });
});

describe('a wrong method', () => {
  it.each([
    ['GET', '/api/chat', 'POST'],
    ['POST', '/api/tags', 'HEAD, GET'],
    ['HEAD', '/api/ps', 'GET'],
    ['POST', '/api/delete', 'DELETE'],
    ['GET', `/api/blobs/sha256:${'0'.repeat(64)}`, 'HEAD, POST'],
  ])('%s %s is refused with the ones that are right', async (method, path, allowed) => {
    const { call, gateway } = ollamaRoutes({});
    const response = await call(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
    expect(gateway.calls).toEqual([]);
  });
});
