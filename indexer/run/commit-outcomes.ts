import type { CatalogueWriter, FileRecord, IndexedFile, SkippedFile } from '../../src/core/catalogue.ts';
import { countChunks } from '../../src/core/packing/packed-chunks.ts';
import type { FileStat } from '../../src/core/source-file.ts';
import type { ParseOutcome } from '../parse/parse-job.ts';
import { sameStat, statToRecord } from './plan-files.ts';

/** Files in one transaction; fewer when they are big. */
const transactionFiles = 64;
const transactionChunks = 4096;

/** What a run has done so far. */
export interface RunCounts {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  parsed: number;
}

export interface CommitterParts {
  readonly writer: CatalogueWriter;
  /** What the catalogue has, by path. */
  readonly known: ReadonlyMap<string, FileRecord>;
  /** When the run began to look at files: what changed since then may change again unseen. */
  readonly startedAt: Date;
  /** Says of a path that somebody else has looked at it since; what the run knows of it is not recorded. */
  readonly isClaimed?: (path: string) => boolean;
}

/** Records outcomes in the catalogue, many in one transaction. */
export class OutcomeCommitter {
  readonly counts: RunCounts = { added: 0, changed: 0, removed: 0, unchanged: 0, parsed: 0 };
  /** Left out, claimed ones included. */
  readonly skipped: SkippedFile[] = [];
  /** Paths that were not recorded since they are claimed. */
  readonly claimed: string[] = [];
  readonly #parts: CommitterParts;
  #files: IndexedFile[] = [];
  #touched: { path: string; stat: FileStat }[] = [];
  #gone: string[] = [];
  #chunks = 0;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  /** Takes an outcome; true when enough is in hand for a transaction. */
  add(outcome: ParseOutcome): boolean {
    const { startedAt } = this.#parts;
    switch (outcome.kind) {
      case 'indexed':
        this.counts.parsed++;
        this.#files.push({ ...outcome.file, stat: statToRecord(outcome.file.stat, startedAt) });
        this.#chunks += countChunks(outcome.file.chunks);
        break;
      case 'unchanged':
        this.#touched.push({ path: outcome.path, stat: statToRecord(outcome.stat, startedAt) });
        break;
      case 'skipped':
        this.skipped.push(outcome.skipped);
        this.drop([outcome.skipped.path]);
        break;
      case 'gone':
        this.drop([outcome.path]);
        break;
    }
    return this.#files.length >= transactionFiles || this.#chunks >= transactionChunks;
  }

  /** Paths that are no longer served. */
  drop(paths: readonly string[]): void {
    this.#gone.push(...paths.filter((path) => this.#parts.known.has(path)));
  }

  /** Records what is in hand, with what `more` writes in the same transaction; returns the number of chunks recorded. */
  flush(more?: () => void): number {
    const { writer, known } = this.#parts;
    const files = this.#files.filter(({ path }) => this.#mayRecord(path));
    const touched = this.#touched.filter(({ path }) => this.#mayRecord(path));
    const gone = this.#gone.filter((path) => this.#mayRecord(path));
    this.#files = [];
    this.#touched = [];
    this.#gone = [];
    this.#chunks = 0;
    if (files.length > 0 || gone.length > 0 || more !== undefined) {
      writer.atomically(() => {
        if (files.length > 0) writer.record(files);
        if (gone.length > 0) writer.remove(gone);
        more?.();
      });
    }
    // Apart, as these need not wait for the disk.
    for (const { path, stat } of touched) if (!sameStat(known.get(path)?.stat, stat)) writer.touch(path, stat);
    const changed = files.filter(({ path }) => known.has(path)).length;
    this.counts.added += files.length - changed;
    this.counts.changed += changed;
    this.counts.removed += gone.length;
    this.counts.unchanged += touched.length;
    return files.reduce((sum, { chunks }) => sum + countChunks(chunks), 0);
  }

  #mayRecord(path: string): boolean {
    if (this.#parts.isClaimed?.(path) !== true) return true;
    this.claimed.push(path);
    return false;
  }
}
