import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockForWriting } from '../../../src/store/writer-lock.ts';
import { startStoreChild } from '../../support/child.ts';

describe('the lock of the one writer', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lorekeep-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('a second writer is refused within a second and told which process writes', async () => {
    const holder = startStoreChild('lock', folder);
    expect(await holder.line()).toBe('locked');
    const startedAt = performance.now();
    expect(() => lockForWriting(folder)).toThrow(
      expect.objectContaining({
        code: 'index_busy',
        message: expect.stringContaining(`Process ${holder.process.pid} `),
      }),
    );
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await holder.kill('SIGTERM');
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'a process that ends by %s leaves the place free at once',
    async (signal) => {
      const holder = startStoreChild('lock', folder);
      await holder.line();
      await holder.kill(signal);
      const lock = lockForWriting(folder);
      expect(() => lockForWriting(folder)).toThrow(
        expect.objectContaining({ message: expect.stringContaining(`${process.pid}`) }),
      );
      lock.release();
    },
  );

  test('one process cannot take it twice, but again after giving it back', () => {
    const first = lockForWriting(folder);
    expect(() => lockForWriting(folder)).toThrow(expect.objectContaining({ code: 'index_busy' }));
    first.release();
    first.release();
    lockForWriting(folder).release();
  });

  test('of many processes at once exactly one gets it', async () => {
    const children = Array.from({ length: 4 }, () => startStoreChild('lock', folder));
    const outcomes = await Promise.allSettled(children.map((child) => child.line()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await Promise.all(children.map((child) => child.kill('SIGKILL')));
  });
});
