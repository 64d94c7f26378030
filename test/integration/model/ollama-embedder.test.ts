import { describe, expect, it } from 'vitest';
import type { Embedder } from '../../../src/core/embedding.ts';
import { ollamaEmbedder } from '../../../src/model/ollama/ollama-embedder.ts';
import { startFakeOllama } from '../../support/fake-ollama.ts';
import { sendJson } from '../../support/fake-server.ts';
import type { FakeAnswer, FakeServer } from '../../support/fake-server.ts';
import { ollamaOf } from '../../support/ollama-of.ts';

/** Embeds each text as `[length, 1]`; refuses batches that hold the word "bad". */
const embed: FakeAnswer = (response, { body }) => {
  const input = body['input'] as readonly string[];
  if (input.some((text) => text.includes('bad'))) sendJson(response, { error: 'unsupported value: NaN' }, 500);
  else sendJson(response, { embeddings: input.map((text) => [text.length, 1]) });
};

function embedderOf(server: FakeServer, model = 'tiny'): Embedder {
  return ollamaEmbedder(ollamaOf(server.url), model, () => 0);
}

/** A server whose only model bears a name. */
function serverOf(name: string, answers: Readonly<Record<string, FakeAnswer>> = {}): Promise<FakeServer> {
  return startFakeOllama({
    '/api/tags': { models: [{ name: `${name}:latest`, digest: 'd2' }] },
    '/api/embed': embed,
    ...answers,
  });
}

function embedCalls(server: FakeServer): readonly Readonly<Record<string, unknown>>[] {
  return server.seen.filter(({ path }) => path === '/api/embed').map(({ body }) => body);
}

describe('an Ollama embedder', () => {
  it('is identified by model, digest, dimension and prefixes, asked for once', async () => {
    await using server = await serverOf('nomic-embed-text');
    const embedder = embedderOf(server, 'nomic-embed-text');
    const identity = {
      model: 'nomic-embed-text',
      digest: 'd2',
      dimension: 2,
      documentPrefix: 'search_document: ',
      queryPrefix: 'search_query: ',
    };
    expect(await embedder.identity()).toEqual(identity);
    expect(await embedder.identity()).toEqual(identity);
    expect(server.seen.map(({ path }) => path)).toEqual(['/api/tags', '/api/show', '/api/ps']);
  });

  it('measures the dimension where the server does not tell it', async () => {
    await using server = await serverOf('tiny', { '/api/show': {} });
    expect((await embedderOf(server).identity()).dimension).toBe(2);
  });

  it('asks again after a failure', async () => {
    let failing = true;
    const show: FakeAnswer = (response) =>
      failing ? sendJson(response, { error: 'not found' }, 404) : sendJson(response, {});
    await using server = await serverOf('tiny', { '/api/show': show });
    const embedder = embedderOf(server);
    await expect(embedder.identity()).rejects.toMatchObject({ code: 'model_missing' });
    failing = false;
    expect(await embedder.identity()).toMatchObject({ digest: 'd2' });
  });

  it('puts the prefixes before the texts, forbids the server to cut, and names one context size', async () => {
    const shown = {
      capabilities: ['embedding'],
      model_info: { 'general.architecture': 'bert', 'bert.context_length': 8_192, 'bert.embedding_length': 2 },
    };
    await using server = await serverOf('nomic-embed-text', { '/api/show': shown });
    const embedder = embedderOf(server, 'nomic-embed-text');
    await embedder.embedDocuments(['one', 'two']);
    await embedder.embedQuery('three');
    const settings = { truncate: false, options: { num_ctx: 4_096 } };
    expect(embedCalls(server)).toMatchObject([
      { input: ['search_document: one', 'search_document: two'], ...settings },
      { input: ['search_query: three'], ...settings },
    ]);
  });

  it('gives a result for each text, in order, and fails the bad one alone', async () => {
    await using server = await serverOf('tiny');
    const texts = Array.from({ length: 40 }, (_, index) => (index === 17 ? 'bad' : 'x'.repeat(index + 1)));
    const results = await embedderOf(server).embedDocuments(texts);
    const expected = texts.map((text) => (text === 'bad' ? null : text.length));
    expect(
      results.map((result) =>
        'vector' in result ? Math.round((result.vector[0] ?? 0) / (result.vector[1] ?? 0)) : null,
      ),
    ).toEqual(expected);
  });

  it('cuts a text to the context of the model', async () => {
    const show = {
      model_info: { 'general.architecture': 'bert', 'bert.context_length': 128, 'bert.embedding_length': 2 },
    };
    await using server = await serverOf('tiny', { '/api/show': show });
    await embedderOf(server).embedDocuments(['word '.repeat(1_000)]);
    const [sent] = embedCalls(server).flatMap((body) => body['input'] as string[]);
    expect(sent?.length).toBeGreaterThan(300);
    expect(sent?.length).toBeLessThan(640);
  });

  it('sends something for an empty text, which the server would leave out', async () => {
    await using server = await serverOf('tiny');
    expect(await embedderOf(server).embedDocuments(['', 'a'])).toHaveLength(2);
    expect(embedCalls(server)).toMatchObject([{ input: [' ', 'a'] }]);
  });

  it('makes no call for no texts', async () => {
    await using server = await serverOf('tiny');
    expect(await embedderOf(server).embedDocuments([])).toEqual([]);
    expect(embedCalls(server)).toEqual([]);
  });

  it('gives up on a model that cannot embed anything', async () => {
    await using server = await serverOf('tiny');
    const all = Array.from({ length: 200 }, () => 'bad');
    await expect(embedderOf(server).embedDocuments(all)).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining('Is it an embedding model?'),
    });
    expect(embedCalls(server).length).toBeLessThan(100);
  });

  it('refuses vectors of another length than the model said', async () => {
    await using server = await serverOf('tiny', { '/api/embed': { embeddings: [[1, 2, 3]] } });
    await expect(embedderOf(server).embedDocuments(['a'])).rejects.toMatchObject({ code: 'index_incompatible' });
  });

  it('throws for a question that cannot be embedded', async () => {
    await using server = await serverOf('tiny');
    await expect(embedderOf(server).embedQuery('bad')).rejects.toMatchObject({ code: 'model_unavailable' });
  });

  it('stops between batches', async () => {
    const stop = new AbortController();
    await using server = await serverOf('tiny', {
      '/api/embed': (response, { body }) => {
        stop.abort();
        sendJson(response, { embeddings: (body['input'] as string[]).map(() => [1, 0]) });
      },
    });
    const texts = Array.from({ length: 50 }, () => 'a');
    await expect(embedderOf(server).embedDocuments(texts, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
    expect(embedCalls(server)).toHaveLength(1);
  });
});
