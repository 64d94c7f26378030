import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerQuestion } from '../../src/answer/answer-question.ts';
import type { AnswerEvent } from '../../src/core/answer.ts';
import type { EmbeddingResult } from '../../src/core/embedding.ts';
import type { GenerationEvent } from '../../src/core/generation.ts';
import { ollamaEmbedder } from '../../src/model/ollama/ollama-embedder.ts';
import type { OllamaServer } from '../../src/model/ollama/ollama-server.ts';
import type { OpenaiClient } from '../../src/model/openai/openai-client.ts';
import { createOpenaiClient } from '../../src/model/openai/openai-client.ts';
import { openaiEmbedder } from '../../src/model/openai/openai-embedder.ts';
import { PromptSpeed } from '../../src/model/prompt-speed.ts';
import { ServerGenerator } from '../../src/model/server-generator.ts';
import { inMemoryPromptSpeed } from '../support/in-memory-prompt-speed.ts';
import { hitOn, packAsIs } from '../support/evidence.ts';
import { ollamaOf } from '../support/ollama-of.ts';
import type { OllamaServer as OllamaProcess } from '../support/ollama-server.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../support/ollama-server.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

// A model this small answers badly: what is tested is everything around its words.
const generatorModel = 'deepseek-coder:6.7b';

describe.runIf(available)('a real Ollama', () => {
  let server: OllamaProcess | null = null;
  let client: OllamaServer;

  beforeAll(async () => {
    server = await startOllama();
    client = ollamaOf(server?.url ?? '');
  });

  afterAll(async () => {
    await server?.stop();
  });

  function generatorOf(options: { model?: string; ollama?: OllamaServer } = {}): ServerGenerator {
    return new ServerGenerator(options.ollama ?? client, {
      model: options.model ?? generatorModel,
      promptSpeed: new PromptSpeed(inMemoryPromptSpeed()),
    });
  }

  describe('embeds', () => {
    it('with the identity of the real model', async () => {
      expect(await ollamaEmbedder(client, 'all-minilm').identity()).toEqual({
        model: 'all-minilm',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        dimension: 384,
        documentPrefix: '',
        queryPrefix: '',
      });
    });

    it('to unit vectors, in a batch as alone, and near for near meanings', async () => {
      const embedder = ollamaEmbedder(client, 'all-minilm');
      const texts = ['function openFile(path) { return fs.open(path); }', 'class Invoice { total() {} }', '打开文件'];
      const batch = await embedder.embedDocuments(texts);
      const vectors = batch.map((result) => ('vector' in result ? result.vector : new Float32Array()));
      for (const vector of vectors) expect(dot(vector, vector)).toBeCloseTo(1, 5);
      for (const [index, text] of texts.entries()) {
        const [alone] = await embedder.embedDocuments([text]);
        expect(
          dot(vectors[index], alone !== undefined && 'vector' in alone ? alone.vector : undefined),
        ).toBeGreaterThan(0.999);
      }
      const question = await embedder.embedQuery('how is a file opened?');
      expect(dot(question, vectors[0])).toBeGreaterThan(dot(question, vectors[1]));
    });

    it('texts that are far too long, empty, or full of signs', async () => {
      const texts = ['word '.repeat(5_000), '', '{}()[];,.!?'.repeat(500), '证据'.repeat(2_000), '\0\u{1f600}\ufffd'];
      const results = await ollamaEmbedder(client, 'all-minilm').embedDocuments(texts);
      expect(results.map((result) => ('vector' in result ? result.vector.length : result.failed))).toEqual([
        384, 384, 384, 384, 384,
      ]);
    });
  });

  describe('through its OpenAI-compatible address', () => {
    let openai: OpenaiClient;
    beforeAll(() => {
      openai = createOpenaiClient({ embedderUrl: `${server?.url}/v1`, embedderKey: '', allowedHosts: [] });
    });

    it('gives the vectors of its own', async () => {
      const texts = ['function openFile(path) { return fs.open(path); }', 'class Invoice { total() {} }', ''];
      const embedder = openaiEmbedder(openai, 'all-minilm');
      expect(await embedder.identity()).toMatchObject({ model: 'openai:all-minilm', dimension: 384 });
      const [there, here] = await Promise.all(
        [embedder, ollamaEmbedder(client, 'all-minilm')].map((one) => one.embedDocuments(texts)),
      );
      const vectorsOf = (results: readonly EmbeddingResult[] = []) =>
        results.map((result) => ('vector' in result ? result.vector : undefined));
      const own = vectorsOf(here);
      for (const [index, vector] of vectorsOf(there).entries()) expect(dot(vector, own[index])).toBeGreaterThan(0.999);
      expect(own).toHaveLength(3);
    });

    it('lacks a model that is missing', async () => {
      await expect(openaiEmbedder(openai, 'nobody/has-this').identity()).rejects.toMatchObject({
        code: 'model_missing',
        message: expect.stringContaining('nobody/has-this'),
      });
    });
  });

  describe('generates', () => {
    const hits = [hitOn('src/lock.ts', [1, 12], { name: 'take' }), hitOn('src/pay.ts', [1, 8])];
    const retriever = { search: async () => ({ hits, mode: 'lexical' as const, notices: [] }) };

    it('an answer whose citations, if any, resolve, and learns the reading speed', async () => {
      const generator = generatorOf();
      const parts = {
        retriever,
        packCurrent: packAsIs,
        generator,
        markerSecret: 's',
        readingSeconds: 20,
        answerTokens: 60,
      };
      const events: AnswerEvent[] = [];
      for await (const event of answerQuestion(parts, { question: 'Where is the lock?', limit: 10 }))
        events.push(event);
      const last = events.at(-1);
      const shown = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
      expect(events[0]).toMatchObject({ type: 'evidence', evidence: [{ number: 1 }, { number: 2 }] });
      expect(last).toMatchObject({
        type: 'answer',
        answer: { mode: 'generated', model: generatorModel, answer: shown },
      });
      const cited = last?.type === 'answer' ? last.answer.citations.map(({ number }) => number) : [];
      expect([1, 2]).toEqual(expect.arrayContaining(cited));
      expect((await generator.describe()).promptTokensPerSecond).toBeGreaterThan(1);
    });

    it('until it is stopped, and is ready for the next question at once', async () => {
      const generator = generatorOf();
      const stop = new AbortController();
      const request = {
        messages: [{ role: 'user' as const, content: 'Count to ten thousand.' }],
        maxTokens: 4_000,
      };
      const events = generator.generate(request, stop.signal);
      expect(await events.next()).toMatchObject({ value: { type: 'text' } });
      stop.abort();
      await expect(drain(events)).rejects.toMatchObject({ code: 'aborted' });
      const next = await drain(generator.generate({ ...request, maxTokens: 3 }));
      expect(next.at(-1)).toMatchObject({ type: 'done', truncated: true });
    });

    it('and tells when the server has dropped most of a prompt', async () => {
      const generator = generatorOf({ ollama: ollamaOf(server?.url ?? '', { maxWindowTokens: 512 }) });
      const content = Array.from({ length: 150 }, (_, index) => `The value of key ${index} is ${index * 7}.`).join(
        '\n',
      );
      const events = await drain(generator.generate({ messages: [{ role: 'user', content }], maxTokens: 5 }));
      expect(events).toContainEqual({
        type: 'notice',
        notice: expect.stringMatching(/read only \d+ of about \d+ tokens/),
      });
    });

    it('not with a model that is missing', async () => {
      const error = { code: 'model_missing', message: expect.stringContaining('ollama pull nobody/has-this') };
      await expect(generatorOf({ model: 'nobody/has-this' }).describe()).rejects.toMatchObject(error);
      await expect(
        drain(generatorOf({ model: 'nobody/has-this' }).generate({ messages: [], maxTokens: 1 })),
      ).rejects.toMatchObject(error);
    });
  });
});

async function drain(events: AsyncIterable<GenerationEvent>): Promise<GenerationEvent[]> {
  const all: GenerationEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function dot(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (one === undefined || other === undefined) throw new Error('a vector is missing');
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
