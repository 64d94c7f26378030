import { expect, test } from 'vitest';
import { ServiceError } from '../../../../src/core/errors.ts';
import type { ModelServer } from '../../../../src/core/gateway/model-server.ts';
import { routedServer } from '../../../../src/model/servers/routed-server.ts';
import type { OpenServer, ServerName } from '../../../../src/model/servers/routed-server.ts';
import { scriptedModelServer } from '../../../support/scripted-model-server.ts';

const down = (what: string): OpenServer => {
  const fail = async (): Promise<never> => {
    throw new ServiceError('model_unavailable', `${what} is down.`);
  };
  return () => ({ ...scriptedModelServer(), models: fail });
};
const none: OpenServer = () => ({ ...scriptedModelServer(), models: async () => [] });

function routed(servers: Partial<Record<ServerName, OpenServer>>) {
  const reports: string[] = [];
  const report = (name: ServerName, problem: ServiceError): void => void reports.push(`${name}: ${problem.message}`);
  return { server: routedServer({ ollama: none, openai: none, gguf: none, report, ...servers }), reports };
}

test('the beginning of a name chooses the server, which is opened once and when it is needed', async () => {
  const opened: string[] = [];
  const scripted = scriptedModelServer();
  const open = (name: ServerName) => (): ModelServer => {
    opened.push(name);
    return { ...scripted, describe: async (model) => ({ ...(await scripted.describe(model)), host: name }) };
  };
  const { server } = routed({ ollama: open('ollama'), openai: open('openai'), gguf: open('gguf') });
  expect(opened).toEqual([]);
  expect(await server.describe('openai:org/model:v1')).toMatchObject({ name: 'openai:org/model:v1', host: 'openai' });
  expect(await server.describe('openai:other')).toMatchObject({ host: 'openai' });
  expect(await server.describe('gguf:/a.gguf')).toMatchObject({ name: 'gguf:/a.gguf', host: 'gguf' });
  expect(opened).toEqual(['openai', 'gguf']);
  expect(await server.describe('smollm2:135m')).toMatchObject({ name: 'smollm2:135m', host: 'ollama' });
  for await (const _ of server.chat({ model: 'openai:x', messages: [], options: {} })) break;
  expect(scripted.calls).toMatchObject([{ model: 'x' }]);
});

test('a server that is down hides no other models, and is told of', async () => {
  const { server, reports } = routed({ ollama: down('Ollama'), openai: () => scriptedModelServer() });
  expect((await server.models()).map(({ name }) => name)).toEqual(['openai:tiny']);
  expect(reports).toEqual(['ollama: Ollama is down.']);
});

test('where no server has a model, what Ollama said is the answer', async () => {
  const { server } = routed({ ollama: down('Ollama'), openai: down('LM Studio') });
  await expect(server.models()).rejects.toMatchObject({ message: 'Ollama is down.' });
  expect(await routed({ openai: down('LM Studio') }).server.models()).toEqual([]);
});

test('a server that could not be opened is opened anew', async () => {
  let tries = 0;
  const { server } = routed({
    openai: () => {
      tries += 1;
      if (tries === 1) throw new ServiceError('config_invalid', 'No URL.');
      return scriptedModelServer();
    },
  });
  await expect(server.describe('openai:x')).rejects.toMatchObject({ code: 'config_invalid' });
  expect(await server.describe('openai:x')).toMatchObject({ name: 'openai:x' });
});

test('what is not Ollama cannot be passed requests of its protocol', async () => {
  const request = { method: 'POST', path: '/api/pull', headers: {}, body: null };
  await expect(routed({}).server.forward(request)).rejects.toMatchObject({ code: 'request_invalid' });
});
