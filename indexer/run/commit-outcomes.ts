import type { CatalogueWriter, IndexedFile, SkippedFile } from '../../src/core/catalogue.ts';
import { countChunks } from '../../src/core/packing/packed-chunks.ts';
import type { FileStat } from '../../src/core/source-file.ts';
import type { ParseOutcome } from '../parse/parse-job.ts';
import { statToRecord } from './plan-files.ts';

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

/** Records outcomes in the catalogue, many in one transaction. */
export class OutcomeCommitter {
  readonly counts: RunCounts = { added: 0, changed: 0, removed: 0, unchanged: 0, parsed: 0 };
  readonly skipped: SkippedFile[] = [];
  readonly #writer: CatalogueWriter;
  readonly #known: ReadonlySet<string>;
  readonly #startedAt: Date;
  #files: IndexedFile[] = [];
  #touched: { path: string; stat: FileStat }[] = [];
  #gone: string[] = [];
  #chunks = 0;

  constructor(writer: CatalogueWriter, known: ReadonlySet<string>, startedAt: Date) {
    this.#writer = writer;
    this.#known = known;
    this.#startedAt = startedAt;
  }

  /** Takes an outcome; returns the number of chunks recorded, 0 while the transaction is not full. */
  add(outcome: ParseOutcome): number {
    switch (outcome.kind) {
      case 'indexed':
        this.#addFile(outcome.file);
        break;
      case 'unchanged':
        this.counts.unchanged++;
        this.#touched.push({ path: outcome.path, stat: statToRecord(outcome.stat, this.#startedAt) });
        break;
      case 'skipped':
        this.skipped.push(outcome.skipped);
        this.drop([outcome.skipped.path]);
        break;
      case 'gone':
        this.drop([outcome.path]);
        break;
    }
    const isFull = this.#files.length >= transactionFiles || this.#chunks >= transactionChunks;
    return isFull ? this.flush() : 0;
  }

  /** Paths that are no longer served. */
  drop(paths: readonly string[]): void {
    const known = paths.filter((path) => this.#known.has(path));
    this.counts.removed += known.length;
    this.#gone.push(...known);
  }

  /** Records what is in hand; returns the number of chunks recorded. */
  flush(): number {
    const chunks = this.#chunks;
    if (this.#files.length > 0) this.#writer.record(this.#files);
    for (const { path, stat } of this.#touched) this.#writer.touch(path, stat);
    if (this.#gone.length > 0) this.#writer.remove(this.#gone);
    this.#files = [];
    this.#touched = [];
    this.#gone = [];
    this.#chunks = 0;
    return chunks;
  }

  #addFile(file: IndexedFile): void {
    this.counts.parsed++;
    this.counts[this.#known.has(file.path) ? 'changed' : 'added']++;
    this.#files.push({ ...file, stat: statToRecord(file.stat, this.#startedAt) });
    this.#chunks += countChunks(file.chunks);
  }
}
