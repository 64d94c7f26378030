import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOpenaiClient } from '../../../src/model/openai/openai-client.ts';
import { embedWords, openaiEmbedderOf, openaiError, startFakeOpenai, vectorCalls } from '../../support/fake-openai.ts';
import { sendJson } from '../../support/fake-server.ts';
import type { FakeAnswer } from '../../support/fake-server.ts';

/** Embeds each text as `[length, 1]`. */
const embedLengths: FakeAnswer = (response, { body }) => {
  const texts = body['input'] as readonly string[];
  sendJson(response, { data: texts.map((text, index) => ({ index, embedding: [text.length, 1] })) });
};

const unknown: FakeAnswer = (response) => void response.writeHead(404).end();

describe('identity', () => {
  it('is the model with its kind of server, measured and asked for once', async () => {
    await using server = await startFakeOpenai({ '/v1/embeddings': embedLengths });
    const embedder = openaiEmbedderOf(server, 'lmstudio-community/text-embedding-nomic-embed-text-v1.5');
    const identity = {
      model: 'openai:lmstudio-community/text-embedding-nomic-embed-text-v1.5',
      digest: '',
      dimension: 2,
      documentPrefix: 'search_document: ',
      queryPrefix: 'search_query: ',
    };
    expect(await embedder.identity()).toEqual(identity);
    expect(await embedder.identity()).toEqual(identity);
    expect(server.seen.map(({ path }) => path)).toEqual(['/v1/embeddings', '/v1/models']);
  });

  it.each([
    ['vLLM', { '/v1/models': { data: [{ id: 'tiny', root: '/models/e5', max_model_len: 64 }] } }, '/models/e5'],
    ['llama.cpp', { '/v1/models': { data: [{ id: 'e5.gguf', meta: { n_params: 7, size: 9 } }] } }, '7 9'],
    ['LM Studio', { '/v1/models': { data: [{ id: 'other' }, { id: 'tiny' }] } }, ''],
    ['text-embeddings-inference', { '/v1/models': unknown, '/info': { model_id: 'a/e5', model_sha: 'f0' } }, 'a/e5 f0'],
    ['a server without facts', { '/v1/models': unknown }, ''],
  ])('tells weights apart as far as %s does', async (_server, answers: Record<string, FakeAnswer>, digest) => {
    await using server = await startFakeOpenai(answers);
    expect((await openaiEmbedderOf(server).identity()).digest).toBe(digest);
  });

  it('is not taken from a server that is busy', async () => {
    let tries = 0;
    const answer = { data: [{ id: 'tiny', root: 'e5' }] };
    const models: FakeAnswer = (response) =>
      tries++ === 0 ? sendJson(response, openaiError('Loading model'), 503) : sendJson(response, answer);
    await using server = await startFakeOpenai({ '/v1/models': models });
    expect((await openaiEmbedderOf(server).identity()).digest).toBe('e5');
  });

  it('is asked for again after a failure', async () => {
    let isFailing = true;
    const failing: FakeAnswer = (response, request) =>
      isFailing ? sendJson(response, openaiError('No such model.'), 404) : embedWords(response, request);
    await using server = await startFakeOpenai({ '/v1/embeddings': failing });
    const embedder = openaiEmbedderOf(server);
    await expect(embedder.identity()).rejects.toMatchObject({ code: 'model_missing' });
    isFailing = false;
    expect(await embedder.identity()).toMatchObject({ dimension: 32 });
  });
});

describe('requests', () => {
  it('carry the prefixes, ask for numbers, and hold at most 32 texts', async () => {
    await using server = await startFakeOpenai({ '/v1/embeddings': embedLengths });
    const embedder = openaiEmbedderOf(server, 'nomic-embed-text-v1.5');
    await embedder.embedDocuments(Array.from({ length: 100 }, (_, index) => `text ${index}`));
    await embedder.embedQuery('why?');
    const [, first] = server.seen.filter(({ path }) => path === '/v1/embeddings');
    expect(first?.body).toMatchObject({ model: 'nomic-embed-text-v1.5', encoding_format: 'float' });
    expect(vectorCalls(server).map((texts) => texts.length)).toEqual([8, 16, 32, 32, 12, 1]);
    expect(vectorCalls(server)[0]?.[0]).toBe('search_document: text 0');
    expect(vectorCalls(server).at(-1)).toEqual(['search_query: why?']);
  });

  it('cut texts to 512 tokens, or to what the server tells', async () => {
    await using server = await startFakeOpenai({ '/v1/embeddings': embedLengths });
    const models = { data: [{ id: 'tiny', max_model_len: 128 }] };
    await using told = await startFakeOpenai({ '/v1/embeddings': embedLengths, '/v1/models': models });
    for (const one of [server, told]) await openaiEmbedderOf(one).embedDocuments(['word '.repeat(5_000)]);
    const [whole = '', short = ''] = [server, told].map((one) => vectorCalls(one)[0]?.[0]);
    expect([whole.length > 1_500, whole.length < 2_560]).toEqual([true, true]);
    expect([short.length > 300, short.length < 640]).toEqual([true, true]);
  });

  it('carry a key where there is one', async () => {
    await using server = await startFakeOpenai();
    await openaiEmbedderOf(server).identity();
    await openaiEmbedderOf(server, 'tiny', { embedderKey: 'k-1' }).identity();
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([null, null, 'Bearer k-1', 'Bearer k-1']);
  });

  it('reach a server behind a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lorekeep-socket-'));
    try {
      await using server = await startFakeOpenai({}, { socketPath: join(folder, 'server.sock') });
      const embedder = openaiEmbedderOf(server, 'tiny', { embedderUrl: server.url });
      expect(await embedder.identity()).toMatchObject({ dimension: 32 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a batch that fails', () => {
  it.each([
    ['text-embeddings-inference', 413, { message: 'must have less than 512 tokens', code: 413, type: 'Validation' }],
    ['llama.cpp', 500, openaiError('input (553 tokens) is too large to process', 500)],
    ['vLLM', 400, openaiError('maximum context length is 512 tokens', 400)],
  ])('is cut where a text is too long, as %s says it', async (_server, status, error) => {
    const answer: FakeAnswer = (response, request) => {
      const isLong = (request.body['input'] as string[]).some(({ length }) => length > 100);
      return isLong ? sendJson(response, error, status) : embedWords(response, request);
    };
    await using server = await startFakeOpenai({ '/v1/embeddings': answer });
    const results = await openaiEmbedderOf(server).embedDocuments(['short', 'long '.repeat(60), 'short, too']);
    expect(results.map((result) => 'vector' in result)).toEqual([true, true, true]);
  });

  it('costs the text that cannot be embedded, and no other', async () => {
    const answer: FakeAnswer = (response, request) =>
      (request.body['input'] as string[]).includes('bad')
        ? sendJson(response, { message: 'backend error', code: 424 }, 424)
        : embedWords(response, request);
    await using server = await startFakeOpenai({ '/v1/embeddings': answer });
    const results = await openaiEmbedderOf(server).embedDocuments(['a', 'b', 'bad', 'c']);
    expect(results.map((result) => 'vector' in result)).toEqual([true, true, false, true]);
  });

  it('costs the text whose vector holds no number, and no other', async () => {
    const answer: FakeAnswer = (response, { body }) => {
      const texts = body['input'] as readonly string[];
      sendJson(response, { data: texts.map((text) => ({ embedding: [text === 'bad' ? null : 1, 2] })) });
    };
    await using server = await startFakeOpenai({ '/v1/embeddings': answer });
    const results = await openaiEmbedderOf(server).embedDocuments(['a', 'bad']);
    expect(results.map((result) => 'vector' in result)).toEqual([true, false]);
  });

  it.each([
    ['too few', [{ index: 0, embedding: [1] }]],
    ['two of one', Array.from({ length: 2 }, () => ({ index: 0, embedding: [1] }))],
    ['an index beyond the texts', [0, 2].map((index) => ({ index, embedding: [1] }))],
    ['text instead of numbers', [0, 1].map((index) => ({ index, embedding: 'AACAPw==' }))],
  ])('is an error with %s vectors', async (_case, data) => {
    await using server = await startFakeOpenai({ '/v1/embeddings': { data } });
    const client = createOpenaiClient({ embedderUrl: `${server.url}/v1`, embedderKey: '', allowedHosts: [] });
    await expect(client.embed('tiny', ['a', 'b'])).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining('one vector for each of 2 texts'),
    });
  });

  it('stops with a vector of another length than the first', async () => {
    let length = 2;
    const answer: FakeAnswer = (response) =>
      sendJson(response, { data: [{ index: 0, embedding: Array.from({ length: length++ }, () => 1) }] });
    await using server = await startFakeOpenai({ '/v1/embeddings': answer });
    await expect(openaiEmbedderOf(server).embedDocuments(['a'])).rejects.toMatchObject({ code: 'index_incompatible' });
  });
});
