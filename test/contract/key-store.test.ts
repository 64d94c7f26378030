import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { KeyFile } from '../../src/store/key-file.ts';
import { startStoreChild } from '../support/child.ts';
import { freshRecord } from '../support/fresh-record.ts';
import { memoryKeys } from '../support/memory-keys.ts';
import { keyStoreContract } from './key-store.ts';

const root = mkdtempSync(join(tmpdir(), 'lorekeep-keys-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let now = 0;
let path = '';
const open = (): KeyFile => new KeyFile({ path, now: () => now, newId: randomUUID });
beforeEach(() => {
  now = 0;
  path = join(root, randomUUID(), 'data', 'keys.json');
});

keyStoreContract('memoryKeys', () => memoryKeys());
keyStoreContract('KeyFile', open);

describe('the file of keys', () => {
  test('is for its owner alone, lies alone, and is not made by reading', () => {
    const store = open();
    expect(store.list()).toEqual([]);
    expect(existsSync(path)).toBe(false);
    store.add(freshRecord());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    store.add(freshRecord());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..')).toSorted()).toEqual(['keys.json', 'keys.json.lock']);
  });

  test('shows what another process has changed after 250 ms at most, also that all is gone', () => {
    const [reader, writer] = [open(), open()];
    const record = freshRecord();
    writer.add(record);
    expect(reader.list()).toEqual([record]);
    writer.remove(record.id);
    now = 249;
    expect(reader.list()).toEqual([record]);
    now = 250;
    expect(reader.list()).toEqual([]);
    writer.add(record);
    now = 500;
    expect(reader.list()).toEqual([record]);
    rmSync(path);
    now = 750;
    expect(reader.list()).toEqual([]);
  });

  test.each([
    '',
    '{}',
    '{"version":1,"keys":[{}]}',
    '{"version":2,"keys":[]}',
    '{"version":1,"keys":[null]}',
    '\0\0\0',
  ])('that holds %j is damaged: an error, never no keys, until it is repaired', (text) => {
    const store = open();
    const record = freshRecord();
    store.add(record);
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, text);
    now = 250;
    const damaged = expect.objectContaining({ code: 'store_failed', message: expect.stringContaining(path) });
    for (const read of [() => store.list(), () => store.list(), () => store.add(record), () => store.remove(record.id)])
      expect(read).toThrow(damaged);
    expect(readFileSync(path, 'utf8')).toBe(text);
    writeFileSync(path, whole);
    now = 500;
    expect(store.list()).toEqual([record]);
  });

  test.each([
    { hash: 'ABC' },
    { projects: 'shop' },
    { isAdmin: 'yes' },
    { expiresAt: 'some day' },
    { name: undefined },
  ])('with %j in a record is damaged', (damage) => {
    open().add(freshRecord());
    const { keys } = JSON.parse(readFileSync(path, 'utf8')) as { keys: object[] };
    writeFileSync(path, JSON.stringify({ version: 1, keys: [{ ...keys[0], ...damage }] }));
    expect(() => open().list()).toThrow(expect.objectContaining({ code: 'store_failed' }));
  });

  test('refuses a second key of the same id', () => {
    const record = freshRecord();
    open().add(record);
    expect(() => open().add(record)).toThrow(expect.objectContaining({ code: 'store_failed' }));
  });

  test('where it cannot be written fails with words', () => {
    const file = join(root, randomUUID());
    writeFileSync(file, '');
    path = join(file, 'keys.json');
    expect(() => open().add(freshRecord())).toThrow(expect.objectContaining({ code: 'store_failed' }));
  });

  test('loses nothing when several processes write at once', async () => {
    const children = Array.from({ length: 3 }, () => startStoreChild('keys', path));
    await Promise.all(children.map((child) => child.line()));
    for (const child of children) child.process.stdin.write('now\n');
    const ids = await Promise.all(children.map((child) => child.line()));
    await Promise.all(children.map((child) => child.kill('SIGTERM')));
    expect(
      open()
        .list()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(ids.flatMap((list) => list.split(' ')).toSorted());
    expect(open().list()).toHaveLength(30);
  });
});
