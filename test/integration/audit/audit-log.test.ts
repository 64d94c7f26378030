import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAuditArchive } from '../../../src/audit/audit-archive.ts';
import type { AuditLogOptions } from '../../../src/audit/audit-log.ts';
import { openAuditLog } from '../../../src/audit/audit-log.ts';
import type { AuditLog } from '../../../src/core/gateway/trace.ts';

const signal = new AbortController().signal;

describe('the audit log', () => {
  let base: string;
  let folder: string;
  const opened: AuditLog[] = [];
  const open = (changes: Partial<AuditLogOptions> = {}): AuditLog => {
    const log = openAuditLog({ folder, now: () => new Date(0), ...changes });
    opened.push(log);
    return log;
  };
  const add = (log: AuditLog, count: number, name = 'a'): void => {
    for (let number = 1; number <= count; number++) {
      log.append({ action: 'test', at: new Date(number).toISOString(), details: { name, number } });
    }
  };
  const verify = (head?: string) =>
    openAuditArchive(folder).verify({ signal, ...(head === undefined ? {} : { head }) });
  const last = async (count: number) => openAuditArchive(folder).last(count);
  const logNames = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'lorekeep-audit-'));
    folder = join(base, 'data', 'audit');
  });
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
    rmSync(base, { recursive: true, force: true });
  });

  test('lines are on disk soon, in order, chained, for their owner alone, and can be checked without Lorekeep', async () => {
    const log = open();
    add(log, 3);
    await log.flush();
    expect(await verify()).toMatchObject({ files: 1, lines: 3, head: { sequence: 3 }, problem: null });
    const names = readdirSync(folder);
    expect(names.sort()).toEqual(['000000000001.jsonl', 'head', 'lock']);
    for (const name of names) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    // As src/audit/README.md says.
    const lines = readFileSync(join(folder, '000000000001.jsonl'), 'utf8').trimEnd().split('\n');
    const script = `printf %s "$1" | sed 's/,"hash":"[0-9a-f]*","previous"/,"previous"/' | sha256sum | cut -c1-64`;
    const hashes = lines.map((line) => execFileSync('sh', ['-c', script, 'sh', line], { encoding: 'utf8' }).trim());
    expect(lines.map((line) => (JSON.parse(line) as { hash: string }).hash)).toEqual(hashes);
    expect((JSON.parse(lines[2]!) as { previous: string }).previous).toBe(hashes[1]);
  });

  test('a line comes to the disk by itself', async () => {
    const log = open();
    add(log, 1);
    mkdirSync(folder, { recursive: true });
    // Nobody asks for it here: the head moves when the line is on disk.
    await expect
      .poll(
        () =>
          openAuditArchive(folder)
            .head()
            .catch(() => null),
        { interval: 5 },
      )
      .toMatchObject({ sequence: 1 });
  });

  test('files change at their size, and the chain goes on across files and restarts', async () => {
    for (let run = 1; run <= 3; run++) {
      const log = open({ maxFileBytes: 2_000 });
      for (let group = 0; group < 5; group++) {
        add(log, 4);
        await log.flush();
      }
      await log.close();
    }
    expect(logNames().length).toBeGreaterThan(4);
    expect(await verify()).toMatchObject({ lines: 60, head: { sequence: 60 }, problem: null });
    expect((await last(30)).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 30 }, (_, i) => 31 + i));
    expect(await last(100)).toHaveLength(60);
  });

  test('a hash that was kept elsewhere must still be there', async () => {
    const log = open();
    add(log, 10);
    await log.flush();
    const { hash } = await openAuditArchive(folder).head();
    add(log, 10);
    await log.flush();
    expect(await verify(hash)).toMatchObject({ problem: null });
    expect(await verify('f'.repeat(64))).toMatchObject({
      problem: { reason: expect.stringContaining('No line has the hash') },
    });
    await log.close();
    // Somebody who can write all files makes a new log: without the kept hash nobody could tell.
    rmSync(folder, { recursive: true });
    const forged = open();
    add(forged, 20, 'forged');
    await forged.flush();
    expect(await verify()).toMatchObject({ problem: null });
    expect(await verify(hash)).toMatchObject({ problem: { line: null } });
  });

  test('what a killed process has left half written is cut off and noted', async () => {
    const first = open();
    add(first, 5);
    await first.close();
    const path = join(folder, '000000000001.jsonl');
    appendFileSync(path, '{"action":"test","at":"19');
    expect(await verify()).toMatchObject({ lines: 5, unfinishedBytes: 25, problem: null });
    const second = open();
    add(second, 1);
    await second.flush();
    expect(await verify()).toMatchObject({ lines: 7, unfinishedBytes: 0, problem: null });
    expect((await last(2))[0]).toMatchObject({ action: 'audit.repair', details: { removedBytes: 25 } });
  });

  test('an end that was cut off stays visible for ever, also when the log was written on', async () => {
    const first = open();
    add(first, 5);
    await first.close();
    const path = join(folder, '000000000001.jsonl');
    const text = readFileSync(path, 'utf8');
    truncateSync(path, text.indexOf('\n', text.indexOf('"sequence":3')) + 1);
    const missing = 'Lines 4 to 5 are missing';
    expect(await verify()).toMatchObject({ problem: { reason: `${missing} at the end.` } });
    const second = open();
    add(second, 1);
    await second.flush();
    expect(await verify()).toMatchObject({ problem: { line: 4, reason: `${missing} before it.` } });
    expect(await last(2)).toMatchObject([
      { action: 'audit.gap', details: { expected: 5, found: 3 } },
      { action: 'test' },
    ]);
  });

  test('files that vanish while the log is written are missed, too', async () => {
    const log = open();
    add(log, 5);
    await log.flush();
    for (const name of ['000000000001.jsonl', 'head']) rmSync(join(folder, name));
    add(log, 1);
    await log.flush();
    expect(await verify()).toMatchObject({ problem: { line: 1, reason: 'Lines 1 to 5 are missing before it.' } });
  });

  test('a missing head is told, by the check and in the log', async () => {
    const log = open();
    add(log, 2);
    await log.close();
    rmSync(join(folder, 'head'));
    expect(await verify()).toMatchObject({ problem: { file: 'head', line: null } });
    const next = open();
    add(next, 1);
    await next.flush();
    expect(await last(2)).toMatchObject([{ action: 'audit.damage' }, { action: 'test' }]);
  });

  test('an event that is no data costs its details, not the line', async () => {
    const log = open();
    log.append({ action: 'odd', at: '', details: { big: 1n } });
    await log.flush();
    expect(await last(1)).toMatchObject([
      { action: 'odd', details: { unwritable: expect.stringContaining('BigInt') } },
    ]);
  });

  test('a disk that takes nothing is told; lines wait, what has no room is counted, and all is told later', async () => {
    mkdirSync(join(base, 'data'));
    writeFileSync(folder, 'A file where the folder should be.');
    const log = open({ maxWaitingLines: 100, retryMs: 20 });
    add(log, 150);
    await expect(log.flush()).rejects.toMatchObject({ code: 'store_failed' });
    expect(log.problem()).toMatch(
      /^The audit log in .* cannot be written: .*\. 100 lines wait for it\. 50 more could not be kept\.$/,
    );
    rmSync(folder);
    await expect.poll(() => log.problem(), { interval: 5 }).toBeNull();
    await log.flush();
    expect(await verify()).toMatchObject({ lines: 101, problem: null });
    expect(await last(1)).toMatchObject([{ action: 'audit.lost', details: { lines: 50 } }]);
    await log.close();
    expect(log.problem()).toBeNull();
  });

  test('closing on such a disk ends, and says that it failed', async () => {
    mkdirSync(join(base, 'data'));
    writeFileSync(folder, '');
    const log = open();
    add(log, 1);
    await log.close();
    expect(log.problem()).toContain('cannot be written');
  });

  const mount = join(tmpdir(), `lorekeep-audit-disk-${process.pid}`);
  test.skipIf(!canMount(mount))(
    'a full disk: half-written lines are taken back, and the rest follows once there is room',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', mount]);
      try {
        folder = join(mount, 'audit');
        const log = open({ retryMs: 60_000 });
        add(log, 10);
        await log.flush();
        const filling = join(mount, 'filling');
        fill(filling);
        add(log, 2_000);
        await expect(log.flush()).rejects.toMatchObject({ message: expect.stringContaining('its disk is full') });
        expect(log.problem()).toContain('2000 lines wait');
        expect(await verify()).toMatchObject({ lines: 10, unfinishedBytes: 0, problem: null });
        execFileSync('mount', ['-o', 'remount,size=16m', mount]);
        await log.flush();
        expect(log.problem()).toBeNull();
        expect(await verify()).toMatchObject({ lines: 2_010, problem: null });
        await log.close();
      } finally {
        await Promise.all(opened.map((log) => log.close()));
        execFileSync('umount', [mount]);
        rmdirSync(mount);
      }
    },
  );
});

/** Writes until the disk is full. */
function fill(path: string): void {
  try {
    for (;;) appendFileSync(path, 'x'.repeat(4_096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** True where this process may mount a file system in memory. */
function canMount(at: string): boolean {
  try {
    if (!existsSync(at)) mkdirSync(at);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return true;
  } catch {
    rmdirSync(at);
    return false;
  }
}
