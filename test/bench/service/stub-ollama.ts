import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a stub behaves. */
export interface StubOptions {
  /** Time that an answer takes once it has a slot, in milliseconds. */
  readonly delayMs: number;
  /** Answers that are made at once; Infinity for as many as are asked for. */
  readonly slots: number;
  /** 0 for any that is free. */
  readonly port: number;
}

/** A server that speaks as much of Ollama's protocol as a service needs that stands in front of it. */
export interface StubOllama {
  readonly url: string;
  close(): Promise<void>;
}

export const stubModel = 'deepseek-coder:6.7b';

const words = 'func quickSort(a []int) []int { return a } // sorts, more or less';
const times = {
  total_duration: 20_000_000,
  load_duration: 1_000_000,
  prompt_eval_count: 24,
  prompt_eval_duration: 4_000_000,
  eval_count: 16,
  eval_duration: 15_000_000,
};
const details = {
  format: 'gguf',
  family: 'llama',
  families: ['llama'],
  parameter_size: '7B',
  quantization_level: 'Q4_K_M',
};
const listed = {
  name: stubModel,
  model: stubModel,
  modified_at: '2026-01-02T03:04:05Z',
  size: 3_800_000_000,
  digest: 'ab'.repeat(32),
  details,
};
const shown = {
  template: '{{ .Prompt }}',
  details,
  capabilities: ['completion'],
  model_info: {
    'general.architecture': 'llama',
    'llama.context_length': 16_384,
    'llama.block_count': 32,
    'llama.embedding_length': 4_096,
    'llama.attention.head_count': 32,
    'llama.attention.head_count_kv': 32,
  },
};
const fixed: Readonly<Record<string, unknown>> = {
  '/': 'Ollama is running',
  '/api/version': { version: '0.11.4' },
  '/api/tags': { models: [listed] },
  '/api/ps': { models: [{ ...listed, expires_at: '2036-01-01T00:00:00Z', size_vram: 0, context_length: 4_096 }] },
  '/api/show': shown,
};

/** Starts a stub; answers wait for a slot in the order they came. */
export async function startStubOllama({ delayMs, slots, port }: StubOptions): Promise<StubOllama> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  const run = (answer: () => void): void => {
    busy++;
    setTimeout(() => {
      busy--;
      waiting.shift()?.();
      answer();
    }, delayMs);
  };
  const schedule = (answer: () => void): void => {
    if (busy < slots) run(answer);
    else waiting.push(() => run(answer));
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void respond(request, response, schedule).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  schedule: (answer: () => void) => void,
): Promise<void> {
  const path = request.url ?? '/';
  const text = await bodyOf(request);
  if (path in fixed) return sendJson(response, fixed[path]);
  if (path !== '/api/generate' && path !== '/api/chat') return sendJson(response, { error: 'not found' }, 404);
  const { stream, prompt, messages } = JSON.parse(text) as { stream?: boolean; prompt?: string; messages?: unknown[] };
  // A request without a prompt only loads the model.
  if ((prompt ?? '') === '' && (messages ?? []).length === 0) return sendJson(response, line(path, '', 'load'));
  schedule(() => {
    if (stream === false) sendJson(response, line(path, words, 'stop'));
    else sendLines(response, [line(path, words, null), line(path, '', 'stop')]);
  });
}

function line(path: string, text: string, reason: string | null): object {
  const content = path === '/api/chat' ? { message: { role: 'assistant', content: text } } : { response: text };
  const head = { model: stubModel, created_at: '2026-01-02T03:04:05.000Z', ...content, done: reason !== null };
  return reason === null ? head : { ...head, done_reason: reason, ...times };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) text += part as string;
  return text;
}

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function sendLines(response: ServerResponse, lines: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.end(lines.map((value) => `${JSON.stringify(value)}\n`).join(''));
}
