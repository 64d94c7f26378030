import type { CatalogueReader, LexicalTotals, PendingFile } from '../../core/catalogue.ts';
import type { ChunkRecord } from '../../core/vector-store.ts';
import { type FileContent, fileContent, type HeldChunk, type KnownFile } from './pending-file.ts';

/** What of a catalogue tells about chunks on their way to the store. */
export type PendingReader = Pick<CatalogueReader, 'revision' | 'pending' | 'pendingRecords' | 'lexicalTotals'>;

/** What was pending at one moment; does not change. */
export interface PendingSnapshot {
  /** By number. What the store has of an older generation is superseded. */
  readonly files: ReadonlyMap<number, KnownFile>;
  readonly contents: readonly FileContent[];
  /** Number of chunks in `contents`. */
  readonly chunks: number;
  /** How many chunks the store has that are not superseded. */
  readonly stored: number;
  /** About how many chunks of the store are superseded. */
  readonly superseded: number;
  readonly totals: LexicalTotals;
  /** Another number when something has left for the store: what was learned of the store is then out of date. */
  readonly storeAge: number;
}

/** Of a file whose new content is not held, or that is gone, nobody knows how many chunks the store has. */
const usualChunks = 10;
/** What a chunk usually takes in memory. */
const usualChunkBytes = 4000;
/** A change that is gone before it could be read was overtaken by another one, so the list is read again. */
const maxLooks = 4;

/**
 * The chunks that are recorded but not yet in the store, in memory. Brought up to date at each look: only what is new is read
 * and analysed. When they take more than `maxBytes`, the oldest, which are the next to reach the store, are not held.
 */
export class PendingChunks {
  readonly #catalogue: PendingReader;
  readonly #maxBytes: number;
  /** In the order of their sequence. */
  readonly #files = new Map<number, KnownFile>();
  readonly #chunks = new Map<number, HeldChunk>();
  #bytes = 0;
  #last = 0;
  #storeAge = 0;
  #revision: number | null = null;
  #snapshot: PendingSnapshot = snapshotOf(new Map(), { chunks: 0, terms: 0 }, 0);

  constructor(catalogue: PendingReader, maxBytes: number) {
    this.#catalogue = catalogue;
    this.#maxBytes = maxBytes;
  }

  /** What is pending now. Costs next to nothing when nobody has changed the catalogue since the last look. */
  look(): PendingSnapshot {
    const revision = this.#catalogue.revision();
    if (revision === this.#revision) return this.#snapshot;
    const [last, storeAge] = [this.#last, this.#storeAge];
    let complete = false;
    for (let looks = 0; looks < maxLooks && !complete; looks++) complete = this.#refresh();
    this.#release();
    if (last !== this.#last || storeAge !== this.#storeAge) {
      this.#snapshot = snapshotOf(new Map(this.#files), this.#catalogue.lexicalTotals(), this.#storeAge);
    }
    this.#revision = revision;
    return this.#snapshot;
  }

  /** A chunk held as of the last look. */
  chunk(id: number): HeldChunk | undefined {
    return this.#chunks.get(id);
  }

  /** The whole chunks of a file, read anew; none when they have left for the store. */
  records(file: number): readonly ChunkRecord[] {
    const known = this.#files.get(file);
    return (known && this.#catalogue.pendingRecords(known.sequence)) ?? [];
  }

  /** False when a change was gone before it could be read. */
  #refresh(): boolean {
    const { first, files } = this.#catalogue.pending(this.#last);
    const changed = new Set(files.map(({ file }) => file));
    for (const known of this.#files.values()) {
      if (first !== null && known.sequence >= first) break;
      this.#drop(known);
      // One that has changed again did not reach the store.
      if (!changed.has(known.file)) this.#storeAge++;
    }
    const held = newest(files, this.#maxBytes / usualChunkBytes);
    let complete = true;
    for (const [place, pending] of files.entries()) {
      complete = this.#add(pending, place >= files.length - held) && complete;
      // Not before: what could not be read now is read at the next look.
      this.#last = pending.sequence;
    }
    return complete;
  }

  /** False when the change was gone already. */
  #add(pending: PendingFile, held: boolean): boolean {
    const before = this.#files.get(pending.file);
    if (before !== undefined) this.#drop(before);
    const records = held && pending.chunks > 0 ? this.#catalogue.pendingRecords(pending.sequence) : [];
    if (records === null) return false;
    const content = fileContent(records);
    this.#files.set(pending.file, { ...pending, content });
    for (const chunk of content?.chunks ?? []) this.#chunks.set(chunk.id, chunk);
    this.#bytes += content?.bytes ?? 0;
    return true;
  }

  #drop(known: KnownFile): void {
    this.#files.delete(known.file);
    this.#forget(known);
  }

  #forget({ content }: KnownFile): void {
    for (const { id } of content?.chunks ?? []) this.#chunks.delete(id);
    this.#bytes -= content?.bytes ?? 0;
  }

  /** Lets go of the oldest contents that do not fit; setting a known key keeps its place in the order. */
  #release(): void {
    for (const known of this.#files.values()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#forget(known);
      this.#files.set(known.file, { ...known, content: null });
    }
  }
}

/** How many of the newest files have no more than so many chunks together. */
function newest(files: readonly PendingFile[], maxChunks: number): number {
  let chunks = 0;
  const tooMany = files.findLastIndex((file) => (chunks += file.chunks) > maxChunks);
  return files.length - 1 - tooMany;
}

/** Whether a newer generation of a stored chunk's file is pending, or the same one is held in memory. */
export function isReplaced(chunk: Pick<ChunkRecord, 'file' | 'generation'>, { files }: PendingSnapshot): boolean {
  const known = files.get(chunk.file);
  if (known === undefined) return false;
  return known.content === null ? chunk.generation < known.generation : chunk.generation <= known.generation;
}

function snapshotOf(files: ReadonlyMap<number, KnownFile>, totals: LexicalTotals, storeAge: number): PendingSnapshot {
  const known = [...files.values()];
  const contents = known.flatMap(({ content }) => content ?? []);
  const sum = (chunksOf: (file: KnownFile) => number): number => known.reduce((all, file) => all + chunksOf(file), 0);
  return {
    files,
    contents,
    chunks: sum(({ content }) => content?.chunks.length ?? 0),
    stored: Math.max(0, totals.chunks - sum(({ chunks }) => chunks)),
    superseded: sum(({ generation, chunks }) => (generation > 1 ? chunks || usualChunks : 0)),
    totals,
    storeAge,
  };
}
