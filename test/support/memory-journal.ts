import type { LexicalTotals, PendingChanges, PendingFile } from '../../src/core/catalogue.ts';
import type { ChunkRecord, StoreBatch } from '../../src/core/vector-store.ts';
import type { PendingReader } from '../../src/store/overlay/pending-chunks.ts';

interface Change extends PendingFile {
  readonly records: readonly ChunkRecord[];
  /** The store is to drop older generations. */
  readonly removes: boolean;
}

/** A journal in memory, as a catalogue would show it to readers; takes chunks with any ids. */
export class MemoryJournal implements PendingReader {
  readonly #changes = new Map<number, Change>();
  readonly #served = new Map<number, ChunkRecord>();
  #sequence = 0;
  #revision = 1;
  /** How often each method of reading was called. */
  readonly calls = { pending: 0, pendingRecords: 0, lexicalTotals: 0 };

  revision(): number {
    return this.#revision;
  }

  pending(after = 0): PendingChanges {
    this.calls.pending++;
    const changes = [...this.#changes.values()].toSorted((left, right) => left.sequence - right.sequence);
    return { first: changes[0]?.sequence ?? null, files: changes.filter(({ sequence }) => sequence > after) };
  }

  pendingRecords(sequence: number): readonly ChunkRecord[] | null {
    this.calls.pendingRecords++;
    return [...this.#changes.values()].find((change) => change.sequence === sequence)?.records ?? null;
  }

  lexicalTotals(): LexicalTotals {
    this.calls.lexicalTotals++;
    const words = [...this.#served.values()].map(({ terms }) => terms.split(' ').filter((term) => term !== '').length);
    return { chunks: words.length, terms: words.reduce((sum, count) => sum + count, 0) };
  }

  /** These chunks are served from now on, whether in the store or pending. */
  serve({ records, removeBefore }: StoreBatch): void {
    for (const record of records) this.#served.set(record.id, record);
    for (const [id, record] of this.#served) {
      if (removeBefore.some(({ file, generation }) => file === record.file && record.generation < generation))
        this.#served.delete(id);
    }
    this.#revision++;
  }

  /** Records a file's chunks of one generation; those that are pending of the same generation stay. */
  record({ file, generation, records, removes }: Omit<Change, 'sequence' | 'chunks'>): void {
    const before = this.#changes.get(file);
    const kept = before?.generation === generation ? before.records : [];
    const byId = new Map([...kept, ...records].map((record) => [record.id, record]));
    const all = [...byId.values()];
    this.#changes.set(file, {
      sequence: ++this.#sequence,
      file,
      generation,
      removes,
      chunks: all.length,
      records: all,
    });
    this.#revision++;
  }

  /** What is pending now, and what to acknowledge with `stored`. */
  batch(): StoreBatch & { readonly through: number } {
    const changes = [...this.#changes.values()];
    return {
      records: changes.flatMap(({ records }) => records),
      removeBefore: changes.filter(({ removes }) => removes).map(({ file, generation }) => ({ file, generation })),
      through: this.#sequence,
    };
  }

  stored(through: number): void {
    for (const { file, sequence } of this.#changes.values()) if (sequence <= through) this.#changes.delete(file);
    this.#revision++;
  }
}
