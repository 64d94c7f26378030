import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import { wantedNode } from '../../../src/service/doctor.ts';
import { examine } from '../../../src/verbs/doctor/examine.ts';
import type { DoctorParts } from '../../../src/verbs/doctor/examine.ts';
import { isAtLeast } from '../../../src/verbs/doctor/machine-checks.ts';
import { shopStatus } from '../../support/fake-service.ts';
import { gib, hardwareOf } from '../../support/hardware.ts';

const healthy: DoctorParts = {
  node: { version: 'v24.1.0', wanted: '22.22' },
  hardware: async () => hardwareOf(),
  dataFolder: '/data',
  probeDataFolder: () => {},
  freeBytes: () => 50e9,
  server: {
    url: 'http://here',
    version: async () => '0.11.4',
    models: async () => ['deepseek-coder:6.7b', 'own:latest'],
  },
  model: 'deepseek-coder:6.7b',
  embedder: async () => 'builtin, 128 dimensions',
  index: async () => shopStatus,
  keys: () => ({ count: 2, warnings: [] }),
  port: { address: '127.0.0.1:11435', isFree: async () => true },
};

async function check(name: string, changes: Partial<DoctorParts>) {
  const { checks, ok } = await examine({ ...healthy, ...changes }, new AbortController().signal);
  const found = checks.find((one) => one.name === name);
  return { ok, state: found?.state, detail: found?.detail ?? '', advice: found?.advice };
}

const fails = (code: 'model_unavailable' | 'forbidden' | 'store_failed') => () => {
  throw new ServiceError(code, `It is ${code}.`);
};

describe('doctor', () => {
  test('finds nothing where all is well', async () => {
    const { checks, ok, recommendation } = await examine(healthy, new AbortController().signal);
    expect(checks.map(({ state }) => state)).toEqual(checks.map(() => 'ok'));
    expect(checks.map(({ advice }) => advice)).toEqual(checks.map(() => null));
    expect(ok).toBe(true);
    expect(recommendation.model).toBe('deepseek-coder:6.7b');
  });

  test.each<{ name: string; changes: Partial<DoctorParts>; says: string }>([
    { name: 'Node', changes: { node: { version: 'v22.21.9', wanted: '22.22' } }, says: 'too old' },
    { name: 'data folder', changes: { probeDataFolder: fails('store_failed') }, says: 'It is store_failed.' },
    { name: 'disk', changes: { freeBytes: () => 1e8 }, says: '100 MB free in /data' },
    {
      name: 'model server',
      changes: { server: { ...healthy.server, version: fails('forbidden') } },
      says: 'forbidden',
    },
    { name: 'embedder', changes: { embedder: fails('model_unavailable') }, says: 'It is model_unavailable.' },
    { name: 'index', changes: { index: fails('store_failed') }, says: 'It is store_failed.' },
    { name: 'keys', changes: { keys: fails('store_failed') }, says: 'It is store_failed.' },
  ])('finds that $name is broken: $says', async ({ name, changes, says }) => {
    expect(await check(name, changes)).toMatchObject({
      ok: false,
      state: 'broken',
      detail: expect.stringContaining(says),
    });
  });

  const down = { ...healthy.server, version: fails('model_unavailable'), models: fails('model_unavailable') };
  test.each<{ name: string; changes: Partial<DoctorParts>; advice: string }>([
    { name: 'disk', changes: { freeBytes: () => 1e9 }, advice: '--data' },
    { name: 'processor', changes: { hardware: async () => hardwareOf({ features: ['avx'] }) }, advice: 'small one' },
    {
      name: 'memory',
      changes: { hardware: async () => hardwareOf({ availableBytes: gib / 2 }) },
      advice: 'close other',
    },
    { name: 'model server', changes: { server: down }, advice: 'ollama serve' },
    { name: 'model', changes: { server: down }, advice: 'ollama serve' },
    { name: 'model', changes: { model: 'other:1' }, advice: 'lorekeep models pull other:1 --from-internet' },
    { name: 'index', changes: { index: async () => null }, advice: 'lorekeep index' },
    {
      name: 'index',
      changes: { index: async () => ({ ...shopStatus, lastCompletedRun: null }) },
      advice: 'lorekeep index',
    },
    { name: 'keys', changes: { keys: () => ({ count: 1, warnings: ['Run chmod.'] }) }, advice: 'Run chmod.' },
    { name: 'port', changes: { port: { address: 'x:1', isFree: async () => false } }, advice: '--port' },
  ])('warns about $name and says what to type: $advice', async ({ name, changes, advice }) => {
    const found = await check(name, changes);
    expect(found).toMatchObject({ ok: true, state: 'warning' });
    expect(found.advice).toContain(advice);
  });

  test('knows a model without a tag as its latest, and does not look for one elsewhere', async () => {
    expect(await check('model', { model: 'own' })).toMatchObject({ state: 'ok' });
    expect((await check('model', { model: 'openai:far' })).detail).toContain('not looked at');
  });

  test('shows GPUs, also one that does not tell its memory', async () => {
    const gpus = [
      { name: 'NVIDIA L4', memoryBytes: 24e9 },
      { name: 'Orin', memoryBytes: null },
    ];
    const { detail } = await check('GPU', { hardware: async () => hardwareOf({ gpus }) });
    expect(detail).toBe('NVIDIA L4 (24.0 GB), Orin (memory unknown)');
  });

  test('stops when it is told to', async () => {
    await expect(examine(healthy, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});

test.each([
  ['v22.22.0', '22.22', true],
  ['v22.21.9', '22.22', false],
  ['v24.0.0', '22.22', true],
  ['v20.30.0', '22.22', false],
  ['22.3', '22.22', false],
])('%s is at least %s: %s', (version, wanted, is) => {
  expect(isAtLeast(version, wanted)).toBe(is);
});

test('the oldest Node is that of package.json', () => {
  const { engines } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
    engines: { node: string };
  };
  expect(engines.node).toBe(`>=${wantedNode}`);
});
