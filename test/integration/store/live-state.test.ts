import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import type { LiveState } from '../../../src/core/live.ts';
import { answerRequests } from '../../../src/store/live/answer-requests.ts';
import { askWriter } from '../../../src/store/live/ask-writer.ts';
import { openLiveState, readLiveState } from '../../../src/store/live-state.ts';
import { lockForWriting } from '../../../src/store/writer-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorekeep-live-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const state: LiveState = {
  pid: process.pid,
  startedAt: '2026-03-01T12:00:00.000Z',
  mode: 'events',
  reason: null,
  pendingFiles: 0,
  pendingSince: null,
  checkedAt: null,
  problem: null,
};

describe('what a writer says of itself', () => {
  test('is read by others, the last of several states, until it is taken back', async () => {
    const file = openLiveState(folder);
    expect(readLiveState(folder)).toBeNull();
    for (let pendingFiles = 0; pendingFiles <= 50; pendingFiles++) file.write({ ...state, pendingFiles });
    await expect.poll(() => readLiveState(folder)?.pendingFiles, { interval: 5 }).toBe(50);
    expect(statSync(join(folder, 'live.json')).mode & 0o777).toBe(0o600);
    file.close();
    expect(readLiveState(folder)).toBeNull();
  });

  test.each([{ pid: 2 ** 22 + 1 }, { boot: 'another' }, { began: 1 }, { host: 'elsewhere' }])(
    'counts for nothing when its process is gone: %j',
    (changes) => {
      const file = openLiveState(folder);
      file.write(state);
      const path = join(folder, 'live.json');
      const saved = JSON.parse(readFileSync(path, 'utf8')) as { writer: object };
      writeFileSync(path, JSON.stringify({ ...saved, writer: { ...saved.writer, ...changes } }));
      expect(readLiveState(folder)).toBeNull();
      file.close();
    },
  );

  test('a damaged file is none', () => {
    writeFileSync(join(folder, 'live.json'), '{"writer":');
    expect(readLiveState(folder)).toBeNull();
  });
});

describe('requests to a writer', () => {
  const never = new AbortController().signal;
  const ask = (timeoutMs = 10_000, signal = never) => askWriter(folder, { id: randomUUID(), timeoutMs, signal });
  const requests = (): readonly string[] => readdirSync(join(folder, 'requests'));

  test('are answered, each once, and leave nothing behind', async () => {
    const lock = lockForWriting(folder, 'watch');
    let asked = 0;
    const stop = answerRequests(folder, { answer: async () => ({ number: asked++ }), now: () => Date.now() });
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask()));
    expect(answers.map(({ kind }) => kind)).toEqual(Array(5).fill('done'));
    expect(asked).toBe(5);
    expect(requests()).toEqual([]);
    stop();
    lock.release();
  });

  test('fail as what was asked for fails', async () => {
    const lock = lockForWriting(folder, 'serve');
    const answer = (): Promise<never> => Promise.reject(new ServiceError('store_failed', 'The disk is full.'));
    const stop = answerRequests(folder, { answer, now: () => Date.now() });
    await expect(ask()).rejects.toMatchObject({ code: 'store_failed', message: 'The disk is full.' });
    stop();
    lock.release();
  });

  test('end when the writer has gone, the time is over or whoever asked has enough', async () => {
    expect(await ask()).toEqual({ kind: 'gone' });
    const lock = lockForWriting(folder, 'watch');
    expect(await ask(20)).toEqual({ kind: 'late' });
    const controller = new AbortController();
    const asked = ask(10_000, controller.signal);
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
    const left = ask();
    lock.release();
    expect(await left).toEqual({ kind: 'gone' });
    expect(requests()).toEqual([]);
  });

  test('are not put to a writer that answers none, nor where too many wait', async () => {
    const lock = lockForWriting(folder, 'index');
    expect(await ask()).toEqual({ kind: 'gone' });
    for (let number = 0; number < 100; number++) writeFileSync(join(folder, 'requests', `${randomUUID()}.ask`), '');
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited' });
    lock.release();
  });

  test('that were left behind long ago are deleted', async () => {
    const lock = lockForWriting(folder, 'watch');
    await ask(1);
    writeFileSync(join(folder, 'requests', `${randomUUID()}.done`), '{}');
    const stop = answerRequests(folder, { answer: async () => ({}), now: () => Date.now() + 2 * 86_400_000 });
    expect(requests()).toEqual([]);
    stop();
    lock.release();
  });
});
