import { describe, expect, it } from 'vitest';
import { planFiles, statToRecord } from '../../../indexer/run/plan-files.ts';
import type { FileEntry } from '../../../indexer/walk/walk-entry.ts';
import type { FileRecord } from '../../../src/core/catalogue.ts';
import type { FileStat } from '../../../src/core/source-file.ts';

const stat: FileStat = { bytes: 10, mtimeNs: 1_000n, inode: 7n };
const entry = (path: string, given: Partial<FileStat> = {}): FileEntry => ({
  kind: 'file',
  path,
  absolute: `/project/${path}`,
  stat: { ...stat, ...given },
});
const record = (path: string, chunkerVersion = 'v1'): [string, FileRecord] => [
  path,
  {
    file: 1,
    path,
    hash: 'aa',
    stat,
    language: 'python',
    encoding: 'utf-8',
    generation: 1,
    chunkerVersion,
    chunks: 1,
    lines: 1,
    degraded: [],
  },
];

describe('planFiles', () => {
  it('leaves files with the same stat and chunker version alone', () => {
    const plan = planFiles([entry('a.py')], new Map([record('a.py')]), { versionOf: () => 'v1' });
    expect(plan).toEqual({ toRead: [], untouched: 1, gone: [] });
  });

  it.each([{ bytes: 11 }, { mtimeNs: 1_001n }, { inode: 8n }])('reads a file whose stat moved: %o', (moved) => {
    const plan = planFiles([entry('a.py', moved)], new Map([record('a.py')]), { versionOf: () => 'v1' });
    expect(plan.toRead.map(({ job }) => [job.path, job.knownHash])).toEqual([['a.py', 'aa']]);
  });

  it('chunks a file anew, whatever its content, when the chunker has another version', () => {
    const plan = planFiles([entry('a.py')], new Map([record('a.py')]), { versionOf: () => 'v2' });
    expect(plan.toRead.map(({ job }) => job.knownHash)).toEqual([null]);
  });

  it('tells new files and files that are gone', () => {
    const plan = planFiles([entry('new.py')], new Map([record('old.py')]), { versionOf: () => 'v1' });
    expect(plan.toRead.map(({ job }) => job.path)).toEqual(['new.py']);
    expect(plan.gone).toEqual(['old.py']);
  });
});

describe('statToRecord', () => {
  const startedAt = new Date('2026-01-01T00:00:00Z');
  const startNs = BigInt(startedAt.getTime()) * 1_000_000n;

  it('keeps the time of a file that rested before the run', () => {
    const old = { ...stat, mtimeNs: startNs - 5_000_000_000n };
    expect(statToRecord(old, startedAt)).toBe(old);
  });

  it('drops the time of a file changed around the start of the run', () => {
    for (const offset of [-1_000_000n, 0n, 60_000_000_000n]) {
      expect(statToRecord({ ...stat, mtimeNs: startNs + offset }, startedAt).mtimeNs).toBe(0n);
    }
  });
});
