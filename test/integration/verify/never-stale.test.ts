import { describe, expect, it } from 'vitest';
import { runQueries } from '../../support/never-stale/run-queries.ts';
import { VersionLog, type VersionEntry } from '../../support/never-stale/version-log.ts';

const seed = Date.now() % 1_000_000;

describe('answers while another process changes the files', () => {
  it.each([
    ['beside runs of the indexer', true],
    ['with an index that stays as it was', false],
  ])('are never stale: 100 queries %s', { timeout: 180_000 }, async (_, indexing) => {
    const outcome = await runQueries({ queries: 100, files: 12, seed, indexing });
    process.stdout.write(`${JSON.stringify({ seed, indexing, ...outcome })}\n`);
    expect(outcome.stale).toEqual([]);
    expect(outcome.served).toBeGreaterThan(200);
    expect(outcome.readFromDisk).toBeGreaterThan(50);
    expect(outcome.changes).toBeGreaterThan(100);
  });
});

describe('the log of changes', () => {
  const entry = (before: number, after: number, text: string | null): VersionEntry => ({
    path: 'a.ts',
    before: String(before),
    after: String(after),
    text,
  });
  const log = new VersionLog([entry(0, 1, 'one\n'), entry(10, 12, '\ntwo\n'), entry(20, 22, null)]);
  const allows = (text: string, startLine: number, [from, to]: readonly [number, number]) =>
    log.allows({ path: 'a.ts', text, startLine, endLine: startLine }, { from: BigInt(from), to: BigInt(to) });

  it('allows what a file held at some moment of the request, and nothing else', () => {
    expect(allows('one\n', 1, [5, 6])).toBe(true);
    expect(allows('one\n', 1, [12, 14])).toBe(true);
    expect(allows('one\n', 1, [13, 14])).toBe(false);
    expect(allows('two\n', 2, [13, 14])).toBe(true);
    expect(allows('\ntwo\n', 2, [13, 14])).toBe(true);
    expect(allows('two\n', 1, [13, 14])).toBe(false);
    expect(allows('two\n', 2, [5, 9])).toBe(false);
    expect(allows('two\n', 2, [23, 24])).toBe(false);
    expect(allows('', 1, [23, 24])).toBe(false);
  });
});
