import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOf, fakeGatekeeper, fakeParts } from '../../support/fake-gateway.ts';
import type { RunningApp } from '../../support/ollama-app.ts';
import { listen, ollamaApp } from '../../support/ollama-app.ts';
import type { CorpusRequest } from '../../support/ollama-corpus.ts';
import { corpus } from '../../support/ollama-corpus.ts';
import type { OllamaServer } from '../../support/ollama-server.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../../support/ollama-server.ts';
import type { AnswerShape } from '../../support/ollama-shape.ts';
import { shapeOf } from '../../support/ollama-shape.ts';
import { passThroughGateway } from '../../support/pass-through-gateway.ts';
import { rawOllama } from '../../support/raw-ollama.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

describe.runIf(available)('Lorekeep answers as the Ollama behind it does', () => {
  let ollama: OllamaServer | null = null;
  let lorekeep: RunningApp;

  beforeAll(async () => {
    ollama = await startOllama({ ownModels: true });
    const gateway = passThroughGateway(rawOllama(ollama?.url ?? ''));
    lorekeep = await listen(ollamaApp(fakeParts({ gateway, gatekeeper: fakeGatekeeper({ keyless: callerOf() }) })));
  });

  afterAll(async () => {
    await lorekeep[Symbol.asyncDispose]();
    await ollama?.stop();
  });

  it.each(corpus.map((request) => [titleOf(request), request] as const))('%s', async (_, request) => {
    const wanted = await answerOf(ollama?.url ?? '', request);
    const given = await answerOf(lorekeep.url, request);
    const { differs, adds } = request;
    if (differs === undefined && adds === undefined) {
      expect(given).toEqual(wanted);
      return;
    }
    // A difference that is none any more must leave the list.
    expect(given).not.toEqual(wanted);
    if (adds !== undefined) expect(without(given, adds.text), adds.why).toEqual(wanted);
    else expect([given.status, given.lines], differs?.why).toEqual([differs?.status, ['{error: string}']]);
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
