import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAuditArchive } from '../../../src/audit/audit-archive.ts';
import { openAuditLog } from '../../../src/audit/audit-log.ts';
import type { AuditLog } from '../../../src/core/gateway/trace.ts';

const child = join(import.meta.dirname, '..', '..', 'support', 'audit-child.ts');
const signal = new AbortController().signal;

describe('processes that share an audit log', () => {
  let folder: string;
  const open = (): AuditLog => openAuditLog({ folder, now: () => new Date(0), maxFileBytes: 200_000 });
  const add = (log: AuditLog, count: number, name: string): void => {
    for (let number = 1; number <= count; number++) log.append({ action: 'test', at: '', details: { name, number } });
  };
  const verify = () => openAuditArchive(folder).verify({ signal });
  const last = async (count: number) => openAuditArchive(folder).last(count);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lorekeep-audit-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('two processes append at once: one chain, no line lost', async () => {
    const runs = ['one', 'two'].map((name) =>
      spawn(process.execPath, [child, folder, name, '3000'], { stdio: 'inherit' }),
    );
    const own = open();
    add(own, 500, 'own');
    await own.flush();
    await own.close();
    const codes = await Promise.all(runs.map(async (run) => (await once(run, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0]);
    expect(await verify()).toMatchObject({ lines: 6_500, head: { sequence: 6_500 }, problem: null });
    expect(readdirSync(folder).length).toBeGreaterThan(5);
    const all = await last(10_000);
    for (const [name, count] of [
      ['one', 3_000],
      ['two', 3_000],
      ['own', 500],
    ] as const) {
      const numbers = all.filter(({ details }) => details['name'] === name).map(({ details }) => details['number']);
      expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    }
  });

  test('killed at any moment, also several at once: nothing that was on disk is lost, and the next start goes on', async () => {
    for (let round = 0; round < 6; round++) {
      const writers = ['a', 'b'].slice(0, 1 + (round % 2)).map((name) => {
        const writer = spawn(process.execPath, [child, folder, `${round}${name}`, '0']);
        return {
          writer,
          name: `${round}${name}`,
          exit: once(writer, 'exit'),
          lines: createInterface({ input: writer.stdout }),
        };
      });
      const confirmed = await Promise.all(
        writers.map(async ({ lines, name }) => {
          let latest = 0;
          for await (const line of lines) {
            latest = Number(line);
            if (latest >= 300 * (1 + round)) break;
          }
          return { name, latest };
        }),
      );
      for (const { writer } of writers) writer.kill('SIGKILL');
      await Promise.all(writers.map(({ exit }) => exit));
      expect(await verify()).toMatchObject({ problem: null });
      const next = open();
      add(next, 1, 'next');
      await next.close();
      expect(await verify()).toMatchObject({ unfinishedBytes: 0, problem: null });
      const all = await last(100_000);
      for (const { name, latest } of confirmed) {
        const numbers = all.filter(({ details }) => details['name'] === name).map(({ details }) => details['number']);
        expect(numbers.length).toBeGreaterThanOrEqual(latest);
        expect(numbers).toEqual(numbers.map((_, i) => i + 1));
      }
    }
  });
});
