import { createOllamaClient } from '../../src/model/ollama/ollama-client.ts';
import type { OllamaClient } from '../../src/model/ollama/ollama-client.ts';
import { startFakeOllama } from './fake-ollama.ts';
import type { FakeAnswer } from './fake-server.ts';

/** A question for the fake server's model. */
export const chatCall = { model: 'tiny', messages: [{ role: 'user', content: 'hi' }] };

/** Runs `use` with a client of a fake server. */
export async function withFake<Value>(
  answers: Readonly<Record<string, FakeAnswer>>,
  use: (client: OllamaClient) => Promise<Value>,
  idleTimeoutMs = 10_000,
): Promise<Value> {
  await using server = await startFakeOllama(answers);
  return await use(createOllamaClient({ modelUrl: server.url, allowedHosts: [], idleTimeoutMs }));
}

/** The whole text of an answer. */
export async function chatText(client: OllamaClient, signal?: AbortSignal): Promise<string> {
  let text = '';
  for await (const piece of client.chat(chatCall, signal)) text += piece.message.content;
  return text;
}
