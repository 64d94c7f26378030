import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { sha256 } from '../../../src/core/hash.ts';
import { SqliteAnswerStore } from '../../../src/store/cache/answer-store.ts';
import { delta, done } from '../../support/model-events.ts';

describe('the answer store', () => {
  let folder: string;
  let path: string;
  let now = 0;
  let problems: string[] = [];
  const opened: SqliteAnswerStore[] = [];
  const open = (changes: { maxBytes?: number; memoryCharacters?: number } = {}) => {
    const report = (problem: string) => problems.push(problem);
    const store = new SqliteAnswerStore({ path, maxBytes: 1e8, now: () => now, report, ...changes });
    opened.push(store);
    return store;
  };
  const answer = (text: string): ModelEvent[] => [delta(text), done()];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lorekeep-answers-'));
    path = join(folder, 'answers.sqlite');
    now = 1_000_000;
    problems = [];
  });
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('an answer survives a restart, with all its events, in a file of its owner alone', () => {
    const events: ModelEvent[] = [
      { type: 'delta', text: '你好 \u0000\ud800', toolCalls: [{ id: '1', name: 'f', arguments: { a: [1] } }] },
      { ...done(), context: [1, 2], extra: { logprobs: null } },
    ];
    open().write(sha256('a'), events);
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    opened[0]?.close();
    expect(open().read(sha256('a'), 0)).toEqual(events);
    expect(open().read(sha256('b'), 0)).toBeNull();
  });

  test('an answer that is too old is none, in memory and on disk', () => {
    const store = open();
    store.write(sha256('a'), answer('a'));
    expect(store.read(sha256('a'), now)).not.toBeNull();
    expect(store.read(sha256('a'), now + 1)).toBeNull();
    expect(open().read(sha256('a'), now + 1)).toBeNull();
  });

  test('several processes share it', () => {
    const [one, other] = [open(), open()];
    one.write(sha256('a'), answer('a'));
    expect(other.read(sha256('a'), 0)).toEqual(answer('a'));
    other.write(sha256('b'), answer('b'));
    expect(one.size().answers).toBe(2);
  });

  test('stays within its size; what was used last, also before a restart, is kept', () => {
    const sizes = { maxBytes: 400_000, memoryCharacters: 40_000 };
    const store = open(sizes);
    const write = (name: string) => store.write(sha256(name), answer('x'.repeat(3_000)));
    write('often');
    for (let i = 0; i < 400; i++) {
      now += 1000;
      write(`once ${i}`);
      expect(store.read(sha256('often'), 0)).not.toBeNull();
    }
    expect(store.size().bytes).toBeLessThanOrEqual(400_000);
    store.close();
    expect(statSync(path).size).toBeLessThan(600_000);
    const reopened = open(sizes);
    expect(reopened.read(sha256('often'), 0)).not.toBeNull();
    expect(reopened.read(sha256('once 399'), 0)).not.toBeNull();
    expect(reopened.read(sha256('once 0'), 0)).toBeNull();
    reopened.close();
    // A smaller size takes effect at once.
    expect(open({ maxBytes: 150_000 }).size().bytes).toBeLessThanOrEqual(150_000);
    expect(statSync(path).size).toBeLessThan(200_000);
  });

  test('an answer that would fill the store is not kept', () => {
    const store = open({ maxBytes: 400_000 });
    store.write(sha256('a'), answer('x'.repeat(200_000)));
    expect(store.size().answers).toBe(0);
    expect(store.read(sha256('a'), 0)).toBeNull();
  });

  test('a damaged file is set aside and told, and the work goes on', () => {
    writeFileSync(path, 'no database at all '.repeat(1000));
    const store = open();
    expect(problems).toEqual([expect.stringMatching(/^The answer cache could not be opened: .*damaged/)]);
    expect(existsSync(`${path}.damaged`)).toBe(true);
    store.write(sha256('a'), answer('a'));
    expect(open().read(sha256('a'), 0)).toEqual(answer('a'));
  });

  test('an answer whose text is damaged is none, and gone', () => {
    open().write(sha256('a'), answer('yes'));
    opened[0]?.close();
    const database = new DatabaseSync(path);
    database.exec(`UPDATE answer SET events = replace(events, 'yes', 'no')`);
    database.close();
    const store = open();
    expect(store.read(sha256('a'), 0)).toBeNull();
    expect(store.size().answers).toBe(0);
  });

  test('without a place to write it costs the answers, not the requests', () => {
    path = join(folder, 'missing', 'answers.sqlite');
    const store = open();
    store.write(sha256('a'), answer('a'));
    expect(store.size()).toEqual({ answers: 0, bytes: 0 });
    expect(problems).toHaveLength(1);
  });

  test('while another process writes for long, a request does not wait for it', () => {
    const store = open();
    const database = new DatabaseSync(path);
    database.exec('BEGIN IMMEDIATE');
    const startedAt = performance.now();
    store.write(sha256('a'), answer('a'));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(problems).toEqual([expect.stringContaining('in use by another process')]);
    // It is in memory all the same.
    expect(store.read(sha256('a'), 0)).toEqual(answer('a'));
    database.close();
  });
});
