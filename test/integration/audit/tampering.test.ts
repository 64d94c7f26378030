import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAuditLog } from '../../../src/audit/audit-log.ts';
import { verifyAuditLog } from '../../../src/audit/verify-log.ts';

const signal = new AbortController().signal;

/** A log on disk, and its files as they were written. */
interface WrittenLog {
  readonly folder: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

async function writeLog(lines: number, maxFileBytes: number): Promise<WrittenLog> {
  const folder = mkdtempSync(join(tmpdir(), 'lorekeep-tampering-'));
  const log = openAuditLog({ folder, now: () => new Date(0), maxFileBytes });
  for (let number = 1; number <= lines; number++) {
    const details = { number, route: '/api/chat', sent: [`shop/a-${number}.ts:1-9`], questionHash: 'ab'.repeat(32) };
    log.append({ action: 'request', at: new Date(number * 1000).toISOString(), details });
    if (number % 40 === 0) await log.flush();
  }
  await log.close();
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return { folder, files: new Map(names.map((name) => [name, readFileSync(join(folder, name))])) };
}

/** A record by its file and place in it. */
interface Place {
  readonly name: string;
  readonly lines: readonly string[];
  readonly at: number;
}

function places({ files }: WrittenLog): readonly Place[] {
  return [...files].flatMap(([name, bytes]) => {
    const lines = bytes.toString().split('\n').slice(0, -1);
    return lines.map((_, at) => ({ name, lines, at }));
  });
}

const whole = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1 << (at % 8);
  return copy;
}

/** What somebody might do to one record; null where it cannot be done there. */
const attacks: Readonly<Record<string, (place: Place, random: number) => Buffer | null>> = {
  'flip a bit': ({ lines, at }, random) => {
    const bytes = whole(lines);
    const start = whole(lines.slice(0, at)).length;
    return flipped(bytes, start + (random % (lines[at]!.length + 1)));
  },
  drop: ({ lines, at }) => whole(lines.toSpliced(at, 1)),
  double: ({ lines, at }) => whole(lines.toSpliced(at, 0, lines[at]!)),
  'swap with the next': ({ lines, at }) =>
    at + 1 < lines.length ? whole(lines.toSpliced(at, 2, lines[at + 1]!, lines[at]!)) : null,
  'truncate behind': ({ lines, at }) => (at + 1 < lines.length ? whole(lines.slice(0, at + 1)) : null),
  'truncate within': ({ lines, at }, random) => {
    const start = whole(lines.slice(0, at)).length;
    return whole(lines).subarray(0, start + (random % (lines[at]!.length + 1)));
  },
  'change a word and its hash': ({ lines, at }) => {
    const line = lines[at]!.replace('/api/chat', '/api/ps');
    return whole(lines.toSpliced(at, 1, line.replace(/"hash":"\w+"/, `"hash":"${'0'.repeat(64)}"`)));
  },
};

async function expectFound(log: WrittenLog, name: string, tampered: Buffer): Promise<void> {
  const path = join(log.folder, name);
  writeFileSync(path, tampered);
  const { problem } = await verifyAuditLog(log.folder, { signal });
  writeFileSync(path, log.files.get(name)!);
  expect(problem).not.toBeNull();
}

describe.each([
  { records: 120, maxFileBytes: 8_000, sample: 120 },
  { records: 10_000, maxFileBytes: 1_000_000, sample: 8 },
])('of $records records', ({ records, maxFileBytes, sample }) => {
  let log: WrittenLog;
  let chosen: readonly Place[];
  beforeAll(async () => {
    log = await writeLog(records, maxFileBytes);
    const all = places(log);
    // The first and the last of all are always among them.
    chosen = Array.from({ length: sample }, (_, i) => all[Math.floor((i * (records - 1)) / (sample - 1))]!);
  });
  afterAll(() => rmSync(log.folder, { recursive: true, force: true }));

  test.each(Object.keys(attacks))('"%s" is found at every place tried', async (attack) => {
    expect(await verifyAuditLog(log.folder, { signal })).toMatchObject({ lines: records, problem: null });
    expect(log.files.size).toBeGreaterThan(2);
    let tried = 0;
    for (const [number, place] of chosen.entries()) {
      const tampered = attacks[attack]!(place, number * 7_919);
      if (tampered === null) continue;
      tried++;
      await expectFound(log, place.name, tampered);
    }
    expect(tried).toBeGreaterThan(sample / 2);
    expect(await verifyAuditLog(log.folder, { signal })).toMatchObject({ problem: null });
  });

  test('a file that is missing, or has another name, is found', async () => {
    for (const [name, bytes] of [...log.files].slice(0, 5)) {
      rmSync(join(log.folder, name));
      expect((await verifyAuditLog(log.folder, { signal })).problem).not.toBeNull();
      const other = `${String(Number(name.slice(0, 12)) + 1).padStart(12, '0')}.jsonl`;
      writeFileSync(join(log.folder, other), bytes);
      expect((await verifyAuditLog(log.folder, { signal })).problem).not.toBeNull();
      rmSync(join(log.folder, other));
      writeFileSync(join(log.folder, name), bytes);
    }
  });
});

test('every byte of a record and of the head counts', async () => {
  const log = await writeLog(3, 1e6);
  try {
    const [[name, bytes] = ['', Buffer.alloc(0)]] = log.files;
    const second = bytes.indexOf(10) + 1;
    for (let at = second; at <= bytes.indexOf(10, second); at++) {
      await expectFound(log, name, flipped(bytes, at));
    }
    const head = readFileSync(join(log.folder, 'head'));
    for (let at = 0; at < head.length; at++) {
      writeFileSync(join(log.folder, 'head'), flipped(head, at));
      expect((await verifyAuditLog(log.folder, { signal })).problem).not.toBeNull();
    }
  } finally {
    rmSync(log.folder, { recursive: true, force: true });
  }
});
