import type { ServerResponse } from 'node:http';
import { startFakeServer } from './fake-server.ts';
import type { FakeAnswer, FakeServer } from './fake-server.ts';

const model = { name: 'tiny:latest', model: 'tiny:latest', digest: 'd1' };
const shown = {
  capabilities: ['completion'],
  model_info: { 'general.architecture': 'llama', 'llama.context_length': 8_192, 'llama.embedding_length': 2 },
};

/** Starts a server that speaks Ollama's protocol and knows the model `tiny`; `answers` adds to or replaces its paths. */
export function startFakeOllama(
  answers: Readonly<Record<string, FakeAnswer>>,
  listenOn: { readonly socketPath: string } | null = null,
): Promise<FakeServer> {
  return startFakeServer({ '/api/tags': { models: [model] }, '/api/show': shown, ...answers }, listenOn);
}

/** An entry of a fake server's list, for models beside `tiny`. */
export function listedModel(name: string): { readonly name: string; readonly model: string; readonly digest: string } {
  return { name: `${name}:latest`, model: `${name}:latest`, digest: `digest-of-${name}` };
}

/** Writes lines of a stream; `end` closes it as a server does that has said everything. */
export function sendLines(response: ServerResponse, lines: readonly unknown[], end = true): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
  if (end) response.end();
}

/** A line of a chat answer. */
export function chatLine(content: string): object {
  return { model: 'tiny', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content }, done: false };
}

/** The last line of a chat answer. */
export function lastLine(counts: Readonly<Record<string, unknown>> = {}): object {
  return { ...chatLine(''), done: true, done_reason: 'stop', prompt_eval_count: 100, eval_count: 3, ...counts };
}
