import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LorekeepBeforeOllama } from '../../support/lorekeep-before-ollama.ts';
import { startLorekeepBeforeOllama } from '../../support/lorekeep-before-ollama.ts';
import type { CorpusRequest } from '../../support/ollama-corpus.ts';
import { corpus } from '../../support/ollama-corpus.ts';
import { isOllamaSetUp, ollamaLeftOut } from '../../support/ollama-server.ts';
import type { AnswerShape } from '../../support/ollama-shape.ts';
import { shapeOf } from '../../support/ollama-shape.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

describe.runIf(available)('Lorekeep answers as the Ollama behind it does', () => {
  let service: LorekeepBeforeOllama;

  beforeAll(async () => {
    service = await startLorekeepBeforeOllama({ ownModels: true });
  });

  afterAll(() => service.close());

  const answers = async (request: CorpusRequest): Promise<{ wanted: AnswerShape; given: AnswerShape }> => ({
    wanted: await answerOf(service.ollamaUrl, request),
    given: await answerOf(service.url, request),
  });
  const alike = corpus.filter(({ differs, adds }) => differs === undefined && adds === undefined);
  const different = corpus.flatMap(({ differs, ...request }) => (differs === undefined ? [] : [{ request, differs }]));
  const longer = corpus.flatMap(({ adds, ...request }) => (adds === undefined ? [] : [{ request, adds }]));

  it.each(alike.map((request) => [titleOf(request), request] as const))('%s', async (_, request) => {
    const { wanted, given } = await answers(request);
    expect(given).toEqual(wanted);
  });

  // A difference that is none any more must leave the list.
  it.each(different.map((one) => [titleOf(one.request), one] as const))('but: %s', async (_, { request, differs }) => {
    const { wanted, given } = await answers(request);
    expect(given, differs.why).toEqual({
      status: differs.status,
      contentType: 'application/json',
      lines: ['{error: string}'],
    });
    expect(given).not.toEqual(wanted);
  });

  it.each(longer.map((one) => [titleOf(one.request), one] as const))('and more: %s', async (_, { request, adds }) => {
    const { wanted, given } = await answers(request);
    expect(given).not.toEqual(wanted);
    expect(without(given, adds.text), adds.why).toEqual(wanted);
  });
});

function without(shape: AnswerShape, text: string): AnswerShape {
  return { ...shape, lines: shape.lines.map((line) => line.replace(text, '')) };
}

async function answerOf(url: string, request: CorpusRequest): Promise<AnswerShape> {
  if (request.before !== undefined) await send(url, request.before);
  return shapeOf(await send(url, request));
}

async function send(url: string, { method, path, body }: CorpusRequest): Promise<Response> {
  return fetch(url + path, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

function titleOf({ method, path, body }: CorpusRequest): string {
  return `${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`.slice(0, 160);
}
