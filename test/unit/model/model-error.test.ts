import { describe, expect, it } from 'vitest';
import { resolveEndpoint } from '../../../src/model/allowed-host.ts';
import { connectionError, statusError, statusOf, timeoutError } from '../../../src/model/model-error.ts';
import { ollamaServer, openaiServer } from '../../../src/model/server-kind.ts';

const ollama = resolveEndpoint('http://127.0.0.1:11434', [], ollamaServer);
const openai = resolveEndpoint('http://127.0.0.1:1234/v1', [], openaiServer);
const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const broken = Object.assign(new Error('reset'), { code: 'ECONNRESET' });

describe('each kind of server is spoken of in its own words', () => {
  it.each([
    [ollama, refused, 'Start Ollama with `ollama serve`, or name another one with --model-url.'],
    [openai, refused, 'Start the server (in LM Studio: Developer, Start server), or name another one with'],
    [ollama, broken, '(ECONNRESET). Look at `ollama ps`, or name another one with --model-url.'],
    [openai, broken, "(ECONNRESET). Look at the server's log, or name another one with --embedder-url."],
  ])('a connection that fails (%#)', (endpoint, cause, words) => {
    expect(connectionError(cause, endpoint)).toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining(words),
    });
  });

  it('a model that is missing', () => {
    const failed = { status: 404, serverMessage: 'model not found', model: 'tiny' };
    expect(statusError({ ...failed, endpoint: ollama }).message).toBe(
      'The model "tiny" is not installed. Get it with `ollama pull tiny`.',
    );
    expect(statusError({ ...failed, endpoint: openai }).message).toContain(
      'does not offer the model "tiny" (model not found). Load it there, or choose one that http://127.0.0.1:1234/v1/models lists',
    );
  });

  it('too little time and memory', () => {
    expect(timeoutError(openai, 'sent no answer', 1_000).message).toMatch(/within 1 s\..*log.*--model-idle-timeout-ms/);
    const failed = { status: 500, serverMessage: 'out of memory', model: 'tiny' };
    expect(statusError({ ...failed, endpoint: openai }).message).toContain('smaller model with --embedder');
    expect(statusError({ ...failed, endpoint: ollama }).message).toContain('smaller model with --model');
  });
});

describe('a status of an OpenAI-compatible server', () => {
  it.each([
    [400, 'bad input', 'request_invalid'],
    [401, 'no key', 'config_invalid'],
    [403, null, 'config_invalid'],
    [404, 'no model', 'model_missing'],
    [404, null, 'model_unavailable'],
    [413, 'too many', 'request_invalid'],
    [422, 'no text', 'request_invalid'],
    [424, 'backend', 'model_unavailable'],
    [429, 'overloaded', 'model_unavailable'],
    [500, 'NaN', 'model_unavailable'],
    [503, 'Loading model', 'model_unavailable'],
  ])('%d (%s) is %s', (status, serverMessage, code) => {
    const error = statusError({ endpoint: openai, status, serverMessage, model: 'tiny' });
    expect([error.code, statusOf(error)]).toEqual([code, status]);
  });

  it('means a text that is too long where llama.cpp has no status for it', () => {
    const serverMessage = 'input (553 tokens) is too large to process. increase the physical batch size';
    const error = statusError({ endpoint: openai, status: 500, serverMessage, model: 'tiny' });
    expect([error.code, statusOf(error)]).toEqual(['request_invalid', 413]);
  });

  it('means a missing model where a code says so', () => {
    const failed = { endpoint: openai, status: 400, serverMessage: 'not embedding', model: 'tiny' };
    expect(statusError({ ...failed, modelMissing: true }).code).toBe('model_missing');
    expect(statusError({ ...failed, modelMissing: false }).code).toBe('request_invalid');
  });
});

it('Ollama has no key to ask for', () => {
  const error = statusError({ endpoint: ollama, status: 403, serverMessage: null, model: 'tiny' });
  expect(error).toMatchObject({ code: 'model_unavailable', message: expect.stringContaining('like Ollama') });
});
