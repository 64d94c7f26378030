import type { ChatCall, ModelEvent } from '../../src/core/gateway/model-server.ts';
import { OllamaServer } from '../../src/model/ollama/ollama-server.ts';
import type { OllamaServerOptions } from '../../src/model/ollama/ollama-server.ts';
import { startFakeOllama } from './fake-ollama.ts';
import type { FakeAnswer } from './fake-server.ts';

/** Memory for the largest window of any model. */
const plenty = { ramBytes: 1e12, gpuBytes: null };

/** An Ollama server behind the port, with a clock that stands still and ids that count. */
export function ollamaOf(modelUrl: string, options: Partial<OllamaServerOptions> = {}): OllamaServer {
  let ids = 0;
  const newId = (): string => String((ids += 1));
  return new OllamaServer({ modelUrl, allowedHosts: [], now: () => 0, newId, freeMemory: () => plenty, ...options });
}

/** A question for the fake server's model. */
export const chatCall: ChatCall = { model: 'tiny', messages: [{ role: 'user', content: 'hi' }], options: {} };

/** Runs `use` with a fake server behind the port. */
export async function withFake<Value>(
  answers: Readonly<Record<string, FakeAnswer>>,
  use: (server: OllamaServer) => Promise<Value>,
  options: Partial<OllamaServerOptions> = {},
): Promise<Value> {
  await using server = await startFakeOllama(answers);
  return await use(ollamaOf(server.url, { idleTimeoutMs: 10_000, ...options }));
}

/** All events of an answer. */
export async function eventsOf(answer: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of answer) events.push(event);
  return events;
}

/** The text of a piece, '' for the end. */
export function textOf(event: ModelEvent | undefined): string {
  return event?.type === 'delta' ? event.text : '';
}

/** The whole text of an answer. */
export async function chatText(server: OllamaServer, signal?: AbortSignal): Promise<string> {
  return (await eventsOf(server.chat(chatCall, signal))).map(textOf).join('');
}
