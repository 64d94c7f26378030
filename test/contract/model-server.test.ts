import { afterAll } from 'vitest';
import { routedServer } from '../../src/model/servers/routed-server.ts';
import { answerPaths, openaiServerOf } from '../support/fake-openai-answers.ts';
import { startFakeOpenai } from '../support/fake-openai.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { modelServerContract } from './model-server.ts';

const started: FakeServer[] = [];
afterAll(() => Promise.all(started.map((server) => server[Symbol.asyncDispose]())));

async function start(): Promise<FakeServer> {
  // Owned as vLLM does it: the only model must be asked for by its name.
  const models = { object: 'list', data: [{ id: 'tiny', object: 'model', owned_by: 'vllm', max_model_len: 2_048 }] };
  const server = await startFakeOpenai({ ...answerPaths, '/v1/models': models });
  started.push(server);
  return server;
}

modelServerContract('OpenaiServer', async () => ({
  server: openaiServerOf(await start()),
  writer: 'tiny',
  embedder: 'tiny',
  missing: 'big',
}));

modelServerContract('The server that chooses by the name', async () => {
  const fake = await start();
  const server = routedServer({
    ollama: () => openaiServerOf(fake),
    openai: () => openaiServerOf(fake),
    gguf: () => openaiServerOf(fake),
    report: () => undefined,
  });
  return { server, writer: 'openai:tiny', embedder: 'openai:tiny', missing: 'openai:big' };
});
