import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import { wantedNode } from '../../../src/service/doctor.ts';
import type { ExaminedIndex } from '../../../src/verbs/doctor/index-health.ts';
import type { StatusReport } from '../../../src/verbs/reports.ts';
import { examine } from '../../../src/verbs/doctor/examine.ts';
import type { DoctorParts } from '../../../src/verbs/doctor/examine.ts';
import { isAtLeast } from '../../../src/verbs/doctor/machine-checks.ts';
import { shopStatus } from '../../support/fake-service.ts';
import { gib, hardwareOf } from '../../support/hardware.ts';

function indexOf(changes: Partial<StatusReport>, incomplete = 0, name = 'shop'): ExaminedIndex {
  return { name, status: async () => ({ ...shopStatus, ...changes }), brokenFiles: async () => incomplete };
}

const healthy: DoctorParts = {
  node: { version: 'v24.1.0', wanted: '22.22' },
  hardware: async () => hardwareOf(),
  dataFolder: '/data',
  probeDataFolder: () => {},
  probeHardLinks: () => {},
  freeBytes: () => 50e9,
  largestIndexBytes: async () => 1e9,
  fileSystem: async () => ({ name: 'ext4', isNetwork: false, reportsChanges: true }),
  watching: async () => ({ folders: 100, limits: { watches: 65_536, instances: 128 } }),
  server: {
    url: 'http://here',
    version: async () => '0.11.4',
    models: async () => ['deepseek-coder:6.7b', 'own:latest'],
  },
  model: 'deepseek-coder:6.7b',
  embedder: async () => 'builtin, 128 dimensions',
  index: async () => indexOf({}),
  otherIndexes: [],
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
    { name: 'hard links', changes: { probeHardLinks: fails('store_failed') }, says: 'It is store_failed.' },
    { name: 'file system', changes: { fileSystem: fails('store_failed') }, says: 'It is store_failed.' },
    { name: 'index', changes: { index: fails('store_failed') }, says: 'It is store_failed.' },
    {
      name: 'index',
      changes: { index: async () => indexOf({}, 2) },
      says: 'the chunks of 2 files are not all there',
    },
    {
      name: 'index blog',
      changes: { otherIndexes: [{ ...indexOf({}, 0, 'blog'), status: fails('store_failed') }] },
      says: 'It is store_failed.',
    },
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
    { name: 'disk', changes: { largestIndexBytes: async () => 60e9 }, advice: 'free some space' },
    {
      name: 'file system',
      changes: { fileSystem: async () => ({ name: 'NFS', isNetwork: true, reportsChanges: false }) },
      advice: '--data',
    },
    {
      name: 'file system',
      changes: { fileSystem: async () => ({ name: 'drvfs', isNetwork: false, reportsChanges: false }) },
      advice: '--data',
    },
    {
      name: 'watching',
      changes: { watching: async () => ({ folders: 40_000, limits: { watches: 65_536, instances: 128 } }) },
      advice: 'sudo sysctl fs.inotify.max_user_watches=1048576',
    },
    {
      name: 'watching',
      changes: { watching: async () => ({ folders: 1, limits: { watches: 65_536, instances: 8 } }) },
      advice: 'sudo sysctl fs.inotify.max_user_instances=1024',
    },
    { name: 'index', changes: { index: async () => null }, advice: 'lorekeep index' },
    {
      name: 'index',
      changes: { index: async () => indexOf({ alarms: [{ name: 'optimize', message: 'There is no room.' }] }) },
      advice: 'lorekeep index --project shop',
    },
    {
      name: 'index',
      changes: { index: async () => indexOf({ totals: { ...shopStatus.totals, pending: 3 } }) },
      advice: 'lorekeep index --project shop',
    },
    {
      name: 'index blog',
      changes: { otherIndexes: [indexOf({ lastCompletedRun: null }, 0, 'blog')] },
      advice: 'lorekeep index --project blog',
    },
    {
      name: 'index',
      changes: { index: async () => indexOf({ lastCompletedRun: null }) },
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
