import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import type { ModelDetails, ModelLibrary, ModelRecipe, SpeedSample } from '../../../src/core/gateway/model-library.ts';
import { benchModel, benchPrompt } from '../../../src/verbs/models/bench-model.ts';
import { modelControl } from '../../../src/verbs/models/model-control.ts';

const { signal } = new AbortController();
const watch = { signal, onProgress: () => {} };
const recipe: ModelRecipe = {
  from: null,
  files: [],
  adapters: [],
  quantize: 'q8_0',
  template: null,
  system: null,
  licenses: [],
  parameters: {},
  messages: [],
};

/** A library that knows `known`, and what it was asked to do. */
function fakeLibrary(samples: readonly SpeedSample[] = []) {
  const done: unknown[] = [];
  let sampled = 0;
  const library: ModelLibrary = {
    list: async () => [],
    show: async (model) => {
      if (model === 'unknown') throw new ServiceError('model_missing', 'It is missing.');
      return { name: model } as ModelDetails;
    },
    pull: async (model) => void done.push(['pull', model]),
    create: async (model, { quantize }) => void done.push(['create', model, quantize]),
    remove: async (model) => void done.push(['remove', model]),
    sample: async ({ prompt }) => {
      done.push(prompt);
      const sample = samples[sampled++];
      if (sample === undefined) throw new Error('no more samples');
      return sample;
    },
  };
  return { library, done };
}

function control(from: string | null = null) {
  const { library, done } = fakeLibrary();
  return { done, models: modelControl({ library, readRecipe: () => ({ ...recipe, from }), server: 'http://here' }) };
}

test('nothing is pulled unless a person says that the internet may be used', async () => {
  const { models, done } = control();
  await expect(models.pull({ model: 'm', fromInternet: false }, watch)).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('lorekeep models pull m --from-internet'),
  });
  expect(done).toEqual([]);
  expect(await models.pull({ model: 'm', fromInternet: true }, watch)).toEqual({ name: 'm' });
  expect(done).toEqual([['pull', 'm']]);
});

test('nothing is made from a model that is missing: Ollama would download it', async () => {
  const { models, done } = control('unknown');
  const request = { model: 'new', modelfile: '/Modelfile', quantize: null };
  await expect(models.create(request, watch)).rejects.toMatchObject({ code: 'model_missing' });
  expect(done).toEqual([]);
});

test('a flag for quantisation counts more than the line of the Modelfile', async () => {
  const { models, done } = control('base');
  await models.create({ model: 'new', modelfile: '/Modelfile', quantize: null }, watch);
  await models.create({ model: 'new', modelfile: '/Modelfile', quantize: 'q4_K_M' }, watch);
  expect(done).toEqual([
    ['create', 'new', 'q8_0'],
    ['create', 'new', 'q4_K_M'],
  ]);
});

describe('bench', () => {
  const sample = (changes: Partial<SpeedSample>): SpeedSample => ({
    promptTokens: 100,
    outputTokens: 10,
    loadMs: 0,
    promptMs: 1_000,
    outputMs: 1_000,
    firstTokenMs: 1_100,
    ...changes,
  });
  const request = { model: 'm', runs: 3, promptTokens: 100, outputTokens: 10 };

  test('loads first, then gives speeds of each run and their middle', async () => {
    const { library } = fakeLibrary([
      sample({ loadMs: 2_500 }),
      sample({}),
      sample({ promptMs: 500, outputMs: 2_000, firstTokenMs: 900 }),
      sample({ promptMs: 4_000, outputMs: 500 }),
    ]);
    const told: number[] = [];
    const report = await benchModel(library, request, { signal, onRun: (done) => told.push(done) });
    expect(told).toEqual([0, 1, 2]);
    expect(report.loadMs).toBe(2_500);
    expect(report.runs.map((run) => [run.promptTokensPerSecond, run.outputTokensPerSecond])).toEqual([
      [100, 10],
      [200, 5],
      [25, 20],
    ]);
    expect(report.median).toEqual({
      promptTokens: 100,
      outputTokens: 10,
      promptTokensPerSecond: 100,
      outputTokensPerSecond: 10,
      firstTokenMs: 1_100,
    });
  });

  test('of a model that writes nothing fails', async () => {
    const { library } = fakeLibrary([sample({}), sample({ outputTokens: 0, outputMs: 0 })]);
    await expect(benchModel(library, request, { signal, onRun: () => {} })).rejects.toMatchObject({
      code: 'model_unavailable',
    });
  });

  test('asks other prompts in each run, of about the length that is wanted', () => {
    const prompts = [0, 1, 2].map((run) => benchPrompt(run, 600));
    expect(new Set(prompts.map((prompt) => prompt.slice(0, 6))).size).toBe(3);
    for (const prompt of prompts) expect(prompt.length).toBeGreaterThan(600);
    expect(benchPrompt(0, 1_200).length / benchPrompt(0, 600).length).toBeCloseTo(2, 0);
  });
});
