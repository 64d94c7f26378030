import { Ollama, OllamaEmbedding } from '@llamaindex/ollama';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../support/collect.ts';
import type { LorekeepBeforeOllama } from '../../support/lorekeep-before-ollama.ts';
import { startLorekeepBeforeOllama } from '../../support/lorekeep-before-ollama.ts';
import { isOllamaSetUp, ollamaLeftOut } from '../../support/ollama-server.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const options = { num_predict: 8, seed: 7, temperature: 0 };
const messages = [{ role: 'user' as const, content: 'Say hello.' }];

describe.runIf(available)('LlamaIndex, with another address', () => {
  let service: LorekeepBeforeOllama;

  beforeAll(async () => {
    service = await startLorekeepBeforeOllama();
  });

  afterAll(() => service.close());

  const modelNamed = (model: string): Ollama => new Ollama({ model, config: { host: service.url }, options });

  it('chats, whole and in pieces', async () => {
    const model = modelNamed('deepseek-coder:7b');
    const { message } = await model.chat({ messages });
    expect(message.content).not.toBe('');
    const pieces = await collect(await model.chat({ messages, stream: true }));
    expect(pieces.map(({ delta }) => delta).join('')).toBe(message.content);
  });

  it('completes text, whole and in pieces', async () => {
    const model = modelNamed('deepseek-coder:7b');
    const { text } = await model.complete({ prompt: 'Say hello.' });
    expect(text).not.toBe('');
    const pieces = await collect(await model.complete({ prompt: 'Say hello.', stream: true }));
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  });

  it('embeds texts by the older route', async () => {
    const embedding = new OllamaEmbedding({ model: 'all-minilm', config: { host: service.url } });
    expect(await embedding.getTextEmbedding('one')).toHaveLength(384);
  });

  it('hears that there is no such model', async () => {
    await expect(modelNamed('nope').chat({ messages })).rejects.toThrow(expect.objectContaining({ status_code: 404 }));
  });
});
