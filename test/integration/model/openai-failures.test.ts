import { describe, expect, it } from 'vitest';
import { createOpenaiClient } from '../../../src/model/openai/openai-client.ts';
import { embedWords, openaiEmbedderOf, openaiError, startFakeOpenai, vectorCalls } from '../../support/fake-openai.ts';
import { sendJson } from '../../support/fake-server.ts';
import type { FakeAnswer } from '../../support/fake-server.ts';

describe('failures are told apart', () => {
  it('no server: says how to start one or name another', async () => {
    const server = await startFakeOpenai();
    await server[Symbol.asyncDispose]();
    await expect(openaiEmbedderOf(server).identity()).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringMatching(/^No model server answers at 127\.0\.0\.1:\d+\. Start .*--embedder-url\.$/),
    });
  });

  it.each([401, 403])('status %d: says where a key is set, and repeats none', async (status) => {
    const refuse: FakeAnswer = (response) => sendJson(response, openaiError('Incorrect API key: k-secret'), status);
    await using server = await startFakeOpenai({ '/v1/embeddings': refuse });
    const failure: unknown = await openaiEmbedderOf(server, 'tiny', { embedderKey: 'k-secret' })
      .identity()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('LOREKEEP_EMBEDDER_KEY'),
      cause: { message: `status ${status}` },
    });
    expect(String(failure)).not.toContain('k-secret');
  });

  it.each([
    [404, openaiError('The model `big` does not exist.', 404)],
    [400, openaiError('Failed to load model "big". Error: Model is not embedding.', 'model_not_found')],
  ])('a model that is missing, with status %d', async (status, error) => {
    await using server = await startFakeOpenai({ '/v1/embeddings': (response) => sendJson(response, error, status) });
    await expect(openaiEmbedderOf(server, 'big').identity()).rejects.toMatchObject({
      code: 'model_missing',
      message: expect.stringMatching(/does not offer the model "big" \(.*\/v1\/models lists/),
    });
    expect(server.seen).toHaveLength(1);
  });

  it('no model loaded: the words of the server say what to do', async () => {
    const error = { error: "No models loaded. Please load a model with the 'lms load' command." };
    await using server = await startFakeOpenai({ '/v1/embeddings': (response) => sendJson(response, error, 400) });
    await expect(openaiEmbedderOf(server).identity()).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining('lms load'),
    });
  });

  it.each<[string, FakeAnswer]>([
    ['status 200 and an error', { error: 'Unexpected endpoint or method. Returning 200 anyway' }],
    ['a page', (response) => void response.writeHead(200).end('<h1>hello</h1>')],
    ['a page that is missing', (response) => sendJson(response, { detail: 'Not Found' }, 404)],
  ])('a wrong address, answered with %s', async (_case, answer) => {
    await using server = await startFakeOpenai({ '/v1/embeddings': answer });
    await expect(openaiEmbedderOf(server).identity()).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringMatching(/does not answer like an OpenAI-compatible server.*--embedder-url/),
    });
  });

  it('a server that is silent', async () => {
    await using server = await startFakeOpenai({ '/v1/embeddings': () => undefined });
    await expect(openaiEmbedderOf(server, 'tiny', { idleTimeoutMs: 100 }).identity()).rejects.toMatchObject({
      code: 'model_timeout',
      message: expect.stringMatching(/within 0\.1 s.*--model-idle-timeout-ms/),
    });
  });

  it('stopping between batches', async () => {
    const stop = new AbortController();
    await using server = await startFakeOpenai({
      '/v1/embeddings': (response, request) => {
        if ((request.body['input'] as string[]).includes('a')) stop.abort();
        return embedWords(response, request);
      },
    });
    const texts = Array.from({ length: 50 }, () => 'a');
    await expect(openaiEmbedderOf(server).embedDocuments(texts, stop.signal)).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(vectorCalls(server)).toHaveLength(1);
  });
});

describe('nothing leaves the machine', () => {
  it('refuses other hosts, unless they are allowed by name', () => {
    const options = { embedderUrl: 'https://models.example/v1', embedderKey: '' };
    expect(() => createOpenaiClient({ ...options, allowedHosts: [] })).toThrow(
      expect.objectContaining({ code: 'forbidden', message: expect.stringContaining('models.example:443') }),
    );
    expect(() => createOpenaiClient({ ...options, allowedHosts: ['models.example'] })).not.toThrow();
  });

  it('refuses a cloud model of Ollama by its name, without asking the server', async () => {
    await using server = await startFakeOpenai();
    await expect(openaiEmbedderOf(server, 'embed:8b-cloud').identity()).rejects.toMatchObject({ code: 'forbidden' });
    expect(server.seen).toEqual([]);
  });

  it('follows no redirect, and takes the key nowhere else', async () => {
    await using elsewhere = await startFakeOpenai();
    const redirect: FakeAnswer = (response) =>
      void response.writeHead(307, { location: `${elsewhere.url}/v1/embeddings` }).end();
    await using server = await startFakeOpenai({ '/v1/embeddings': redirect });
    await expect(openaiEmbedderOf(server, 'tiny', { embedderKey: 'k' }).identity()).rejects.toMatchObject({
      code: 'model_unavailable',
    });
    expect(elsewhere.seen).toEqual([]);
  });
});
