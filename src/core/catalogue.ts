import type { CodeSymbol } from './code-graph.ts';
import type { EmbedderIdentity } from './embedding.ts';
import type { DegradeReason, FileStat, SkipReason } from './source-file.ts';
import type { ChunkRecord } from './vector-store.ts';

/** What must agree before an index may be read or extended. */
export interface IndexIdentity {
  /** Layout of catalogue and store; a difference rebuilds. */
  readonly schema: number;
  /** Null for a lexical index. */
  readonly embedder: EmbedderIdentity | null;
}

/** One file as the catalogue serves it. */
export interface FileRecord {
  readonly file: number;
  readonly path: string;
  readonly hash: string;
  readonly stat: FileStat;
  readonly language: string;
  readonly encoding: string;
  /** Grows with each new content of the file. */
  readonly generation: number;
  /** Version of chunker and grammar that made the chunks; a difference re-chunks this file only. */
  readonly chunkerVersion: string;
  readonly chunks: number;
  readonly lines: number;
  readonly degraded: readonly DegradeReason[];
}

/**
 * A file that was read and is ready to be recorded. Its contents are packed by who parsed it: bytes go from thread to thread and to disk
 * as they are, where a thousand strings would be copied at each step.
 */
export interface IndexedFile {
  readonly path: string;
  readonly hash: string;
  readonly stat: FileStat;
  readonly language: string;
  readonly encoding: string;
  readonly chunkerVersion: string;
  readonly lines: number;
  readonly degraded: readonly DegradeReason[];
  /** Its chunks, as src/core/packing/packed-chunks.ts packs them. */
  readonly chunks: Uint8Array<ArrayBuffer>;
  readonly symbols: PackedSymbols;
}

/** The definitions of a file, as src/text/packed-symbols.ts packs them. */
export interface PackedSymbols {
  /** What each is looked up by, in their order: a hash of its folded name. */
  readonly keys: Int32Array<ArrayBuffer>;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** A file left out, and why. `detail` is a short sentence for people. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: SkipReason;
  readonly detail: string;
}

export interface DegradedFile {
  readonly path: string;
  readonly reason: DegradeReason;
}

/** A definition found by name. */
export interface SymbolHit extends CodeSymbol {
  readonly file: number;
  readonly path: string;
  readonly language: string;
  /** Chunk that holds the name. */
  readonly chunk: number;
}

/** Totals of an index, computed live. */
export interface IndexTotals {
  readonly files: number;
  readonly chunks: number;
  readonly symbols: number;
  readonly skipped: number;
  readonly degraded: number;
  /** Bytes of indexed source on disk. */
  readonly bytes: number;
  /** Files recorded but not yet in the store. */
  readonly pending: number;
  readonly languages: readonly { readonly language: string; readonly files: number }[];
}

/** A file whose last change is on its way to the store. */
export interface PendingFile {
  /** Grows with each change of any file; a file that changes again gets a new one. */
  readonly sequence: number;
  readonly file: number;
  /** Chunks of lower generations are superseded. */
  readonly generation: number;
  /** 0 for a file that is removed or has none. */
  readonly chunks: number;
}

/** What is on its way to the store. */
export interface PendingChanges {
  /** What has a lower sequence is in the store; null when nothing is on its way. */
  readonly first: number | null;
  /** In the order of their sequence. */
  readonly files: readonly PendingFile[];
}

/** Of all files served, wherever their chunks are: what BM25 computes with. */
export interface LexicalTotals {
  readonly chunks: number;
  /** Search terms of all chunks, repeated ones counted each time. */
  readonly terms: number;
}

/**
 * The log of one index: files, generations, identity, run state, and chunks on their way to the store. Durable when a
 * method returns. Writing needs the writer's lock (`index_busy` otherwise); any number of processes read.
 */
export interface Catalogue {
  readonly reader: CatalogueReader;
  readonly writer: CatalogueWriter;
}

/** What the read path asks. */
export interface CatalogueReader {
  identity(): IndexIdentity | null;
  totals(): IndexTotals;
  /** ISO time of the last run that reached its end, null if none did. */
  lastCompletedRun(): string | null;
  /** A number that is another one after each change that somebody else commits: what was read before may no longer hold. */
  revision(): number;
  file(path: string): FileRecord | null;
  /** Served generation by file number, for the numbers asked. */
  generations(files: readonly number[]): ReadonlyMap<number, number>;
  /** All served paths with their numbers. */
  paths(): readonly { readonly file: number; readonly path: string; readonly language: string }[];
  /** Definitions whose folded name (src/text/fold-name.ts) equals one of `names`, at most `limit` a name. */
  symbolsNamed(names: readonly string[], limit: number): readonly SymbolHit[];
  /** How many files are served. */
  fileCount(): number;
  /** Path words (src/text/path-words.ts) that begin with one of `prefixes`, with the number of files that have each. */
  pathWordCounts(prefixes: readonly string[]): readonly PathWordCount[];
  /** Files left out, by path; with `under`, only that path and what lies below it. */
  skipped(under?: string): readonly SkippedFile[];
  degraded(): readonly DegradedFile[];
  /** What fails at the moment and needs somebody to look at it, by name. */
  alarms(): readonly Alarm[];
  /** Changes on their way to the store; those above a sequence alone when one is given. */
  pending(after?: number): PendingChanges;
  /** The chunks of a pending file; null when they have gone to the store or were superseded since. */
  pendingRecords(sequence: number): readonly ChunkRecord[] | null;
  lexicalTotals(): LexicalTotals;
}

/** Something that fails again and again without stopping the index. */
export interface Alarm {
  readonly name: string;
  /** A sentence that says what to do. */
  readonly message: string;
}

export interface PathWordCount {
  readonly word: string;
  readonly files: number;
}

/** What the write path does. */
export interface CatalogueWriter {
  /** Every file known, by path; with `under`, that file or what lies below that folder ('' for all). */
  files(under?: string): ReadonlyMap<string, FileRecord>;
  /** At most `limit` files in order of path, from behind `path` on ('' for the first). */
  filesAfter(path: string, limit: number): ReadonlyMap<string, FileRecord>;
  /** Makes all that `action` writes one transaction: all of it is on the disk when this returns, or nothing. */
  atomically<T>(action: () => T): T;
  setIdentity(identity: IndexIdentity): void;
  beginRun(startedAt: string): void;
  completeRun(completedAt: string): void;
  /** Errors: `store_failed` when the disk has no room for an index of so many bytes more of source, tidied up at the end. */
  requireRoom(sourceBytes: number): void;
  /**
   * Records new content of files in one transaction; their chunks are pending until `stored`. Errors: `store_failed`, also
   * when the disk is about to be full.
   */
  record(files: readonly IndexedFile[]): void;
  /** The content is the same, only the stat moved. */
  touch(path: string, stat: FileStat): void;
  /** Forgets files; their chunks leave the store with the next batch. */
  remove(paths: readonly string[]): void;
  /** Replaces the list of files left out; with `under`, only of these paths and what lies below them. */
  setSkipped(files: readonly SkippedFile[], under?: readonly string[]): void;
  /** The next chunks to bring to the store, whole files, about `maxRecords`; null when none are pending. */
  nextBatch(maxRecords: number): PendingBatch | null;
  /** The store has the batch durably; its journal is dropped. */
  stored(batch: PendingBatch): void;
  /** What `nextBatch` would hand out in all: files, removed ones included, and chunks. */
  backlog(): { readonly files: number; readonly chunks: number };
  /** Numbers of the files with something pending. */
  pendingFiles(): ReadonlySet<number>;
  /** Adds a reason to served files, by number, when it shows only after they were recorded. */
  degrade(files: readonly number[], reason: DegradeReason): void;
  /** Marks files as pending again by dropping them, so that the next run reads them anew. */
  forget(files: readonly number[]): void;
  /** Content that hung the parser, by hash: chunked by lines from then on. */
  quarantine(hash: string): void;
  quarantined(): ReadonlySet<string>;
  /** Raises an alarm, or with null takes it back. */
  setAlarm(name: string, message: string | null): void;
  /** Gives the space of what was dropped back to the disk; for idle time. */
  shrink(): void;
}

/** Work on its way from catalogue to store. */
export interface PendingBatch {
  readonly records: readonly ChunkRecord[];
  readonly removeBefore: readonly { readonly file: number; readonly generation: number }[];
  /** Opaque to the caller: what `stored` acknowledges. */
  readonly through: number;
}
