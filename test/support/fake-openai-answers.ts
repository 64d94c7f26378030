import type { ServerResponse } from 'node:http';
import { OpenaiServer } from '../../src/model/openai/openai-server.ts';
import type { OpenaiServerOptions } from '../../src/model/openai/openai-server.ts';
import { openaiError } from './fake-openai.ts';
import { sendJson } from './fake-server.ts';
import type { FakeAnswer, FakeServer, SeenRequest } from './fake-server.ts';

const defaultWords = 400;

/** Sends the pieces of a streamed answer; `end` closes it as a server does that has said everything. */
export function sendEvents(response: ServerResponse, pieces: readonly (object | string)[], end = true): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of pieces) response.write(`data: ${typeof piece === 'string' ? piece : JSON.stringify(piece)}\n\n`);
  if (end) response.end();
}

/** A piece of a chat answer. */
export function chatPiece(delta: object, finishReason: string | null = null): object {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finishReason }] };
}

export const usagePiece = { choices: [], usage: { prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 } };

/** Answers with numbered words until the length, a stop or the client ends it; with a schema, with what a test of one expects. */
async function answerWords(response: ServerResponse, { body, path }: SeenRequest): Promise<void> {
  if (!['tiny', 'qwen2.5-coder'].includes(String(body['model'])))
    return sendJson(response, openaiError('No such model.'), 404);
  const words = body['response_format'] === undefined ? numbered(body) : ['{"even": ', 'true}'];
  const piece = (content: string): object =>
    path.endsWith('/chat/completions') ? chatPiece({ content }) : { choices: [{ index: 0, text: content }] };
  for (const word of words) {
    if (response.destroyed) return undefined;
    sendEvents(response, [piece(word)], false);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const isFull = words.length === body['max_tokens'];
  const usage = { prompt_tokens: 12, completion_tokens: words.length };
  const end = chatPiece({}, isFull ? 'length' : 'stop');
  return sendEvents(response, [end, { choices: [], usage }, '[DONE]']);
}

function numbered(body: SeenRequest['body']): readonly string[] {
  const count = typeof body['max_tokens'] === 'number' ? body['max_tokens'] : defaultWords;
  const words = Array.from({ length: count }, (_, place) => `word${place} `);
  const stops = Array.isArray(body['stop']) ? (body['stop'] as string[]) : [];
  const end = words.findIndex((word) => stops.some((stop) => word.includes(stop)));
  return end < 0 ? words : words.slice(0, end);
}

/** Paths of a fake server that writes answers. */
export const answerPaths: Readonly<Record<string, FakeAnswer>> = {
  '/v1/chat/completions': answerWords,
  '/v1/completions': answerWords,
};

/** A model server that asks a fake one; its clock stands still. */
export function openaiServerOf(server: FakeServer, options: Partial<OpenaiServerOptions> = {}): OpenaiServer {
  return new OpenaiServer({
    generatorUrl: `${server.url}/v1`,
    generatorKey: '',
    allowedHosts: [],
    now: () => 0,
    ...options,
  });
}
