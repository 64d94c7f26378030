import { describe, expect, test } from 'vitest';
import type { ModelDetails } from '../../../src/core/gateway/model-library.ts';
import type { Service } from '../../../src/service.ts';
import type { ModelControl } from '../../../src/verbs/models/model-control.ts';
import { fakeAdministration } from '../../support/fake-service.ts';
import { runWith } from '../../support/cli-world.ts';

const details: ModelDetails = {
  name: 'm:1',
  family: 'llama',
  parameterSize: '6.7B',
  quantization: 'Q4_0',
  contextTokens: 16_384,
  embeddingLength: null,
  capabilities: ['completion'],
  parameters: 'stop "<\u001b[2J|"\nnum_ctx 4096',
  system: '',
  template: '',
  license: '  MIT\nmore',
};
const speed = {
  promptTokens: 512,
  outputTokens: 64,
  promptTokensPerSecond: 91.23,
  outputTokensPerSecond: 8,
  firstTokenMs: 5_612,
};

/** Models that answer from memory; what was asked is kept. */
function fakeModels(): { readonly asked: unknown[]; readonly service: Partial<Service> } {
  const asked: unknown[] = [];
  const control: ModelControl = {
    list: async () => [
      {
        name: 'm:1',
        bytes: 3.8e9,
        modifiedAt: '',
        digest: 'd',
        family: 'llama',
        parameterSize: '6.7B',
        quantization: 'Q4_0',
      },
      {
        name: 'long-name:latest',
        bytes: 1e6,
        modifiedAt: '',
        digest: 'e',
        family: '',
        parameterSize: '',
        quantization: '',
      },
    ],
    show: async () => details,
    pull: async (request) => {
      asked.push(request);
      return details;
    },
    create: async (request, watch) => {
      asked.push(request);
      watch.onProgress({ step: 'reading a\u001b.gguf', completed: 5, total: 10 });
      watch.onProgress({ step: 'writing manifest', completed: null, total: null });
      return details;
    },
    remove: async (model) => void asked.push(model),
    bench: async (request, watch) => {
      asked.push(request);
      watch.onRun(0, request.runs);
      return { model: 'm:1', loadMs: 1_200, runs: [speed], median: speed };
    },
  };
  return { asked, service: fakeAdministration({ models: async () => control }) };
}

describe('models', () => {
  test('list is a table', async () => {
    const { stdout } = await runWith(['models', 'list'], fakeModels().service);
    expect(stdout).toBe('m:1                 3.8 GB  6.7B · Q4_0 · llama\nlong-name:latest    1.0 MB  \n');
  });

  test('show prints what is known, and no escapes', async () => {
    const { stdout } = await runWith(['models', 'show', 'm:1'], fakeModels().service);
    expect(stdout).toContain('context       16,384 tokens\n');
    expect(stdout).toContain('licence       MIT\n');
    expect(stdout).toContain('    stop "<\\x1b[2J|"\n    num_ctx 4096\n');
    expect(stdout).not.toContain('system');
    expect(stdout).not.toContain('embedding');
  });

  test('create takes the Modelfile of the current folder, or the one that is named', async () => {
    const { asked, service } = fakeModels();
    const { stderr, status } = await runWith(['models', 'create', 'new', '-q', 'q4_K_M'], service);
    expect(status).toBe(0);
    expect(stderr).toContain('Creating new: writing manifest\n');
    await runWith(['models', 'create', 'new', '-f', '../Other'], service);
    expect(asked).toEqual([
      { model: 'new', modelfile: '/code/shop/Modelfile', quantize: 'q4_K_M' },
      { model: 'new', modelfile: '/code/Other', quantize: null },
    ]);
  });

  test('pull says yes to the internet only when the flag does', async () => {
    const { asked, service } = fakeModels();
    await runWith(['models', 'pull', 'm'], service);
    await runWith(['models', 'pull', 'm', '--from-internet'], service);
    expect(asked).toEqual([
      { model: 'm', fromInternet: false },
      { model: 'm', fromInternet: true },
    ]);
    expect((await runWith(['models', 'pull', '--help'])).stdout).toContain('download a model from the internet');
  });

  test('bench prints a table', async () => {
    const { asked, service } = fakeModels();
    const { stdout } = await runWith(['models', 'bench', 'm:1', '--runs', '1'], service);
    expect(asked).toEqual([{ model: 'm:1', runs: 1, promptTokens: 500, outputTokens: 64 }]);
    expect(stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'm:1 loaded in 1.2 s',
      'run reads writes first token',
      '1 512 at 91.2/s 64 at 8.0/s 5.6 s',
      'median 512 at 91.2/s 64 at 8.0/s 5.6 s',
      '',
    ]);
  });

  test('remove says what is gone', async () => {
    const { asked, service } = fakeModels();
    expect((await runWith(['models', 'remove', 'm:1'], service)).stdout).toContain('Deleted m:1');
    expect(asked).toEqual(['m:1']);
  });

  test('each prints one JSON object for a program', async () => {
    for (const words of [['list'], ['show', 'm'], ['create', 'm'], ['pull', 'm'], ['bench', 'm'], ['remove', 'm']]) {
      const { stdout } = await runWith(['models', ...words, '--json'], fakeModels().service);
      expect(JSON.parse(stdout)).toBeTypeOf('object');
    }
  });
});
