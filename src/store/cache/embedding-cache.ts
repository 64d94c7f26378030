import type { Embedder, EmbedderIdentity, EmbeddingResult } from '../../core/embedding.ts';
import { sha256 } from '../../core/hash.ts';
import { fromFloat16, halfBytes, halvesOf, toFloat16 } from '../../core/packing/float16.ts';
import { CacheDatabase, usedBytes } from './cache-database.ts';
import { embedderKey } from '../index-identity.ts';
import type { SqliteDatabase } from '../sqlite.ts';

/** What a cache works with. */
export interface EmbeddingCacheOptions {
  /** The cache's file; made when missing. */
  readonly path: string;
  /** Above this size what was not used for longest is dropped. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told, as a sentence, when the cache could not be used; the work goes on without it. */
  readonly report: (problem: string) => void;
}

const dayMs = 24 * 60 * 60 * 1000;
/** After dropping, so much of the size is in use, so that not every call has to drop again. */
const keptShare = 0.8;
const schema = `CREATE TABLE IF NOT EXISTS embedding (
  key BLOB NOT NULL UNIQUE,
  vector BLOB NOT NULL,
  usedOnDay INTEGER NOT NULL
)`;

/**
 * Document vectors by the hash of their exact input and the embedder's identity, for all projects. Kept in half
 * precision like the chunk store does, so a vector is the same whether it comes from here or not.
 */
export class CachedEmbedder implements Embedder {
  readonly #inner: Embedder;
  readonly #options: EmbeddingCacheOptions;
  readonly #database: CacheDatabase;

  constructor(inner: Embedder, options: EmbeddingCacheOptions) {
    this.#inner = inner;
    this.#options = options;
    const { path, report } = options;
    const name = 'The embedding cache';
    this.#database = new CacheDatabase({ path, report, schema, name, durability: 'normal', busyTimeoutMs: 5_000 });
  }

  identity(signal?: AbortSignal): Promise<EmbedderIdentity> {
    return this.#inner.identity(signal);
  }

  embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array> {
    return this.#inner.embedQuery(text, signal);
  }

  async embedDocuments(texts: readonly string[], signal?: AbortSignal): Promise<readonly EmbeddingResult[]> {
    if (texts.length === 0) return [];
    const identity = await this.#inner.identity(signal);
    const keyed = texts.map((text) => ({ key: cacheKey(identity, text), text }));
    const results =
      this.#database.attempt((database) => this.#lookUp(database, keyed)) ?? new Map<string, EmbeddingResult>();
    const missing = [
      ...new Map(keyed.filter(({ key }) => !results.has(key)).map((entry) => [entry.key, entry])).values(),
    ];
    if (missing.length > 0) {
      const answers = await this.#inner.embedDocuments(
        missing.map(({ text }) => text),
        signal,
      );
      for (const [i, { key }] of missing.entries()) results.set(key, halved(answers[i]));
      this.#database.attempt((database) =>
        this.#keep(database, new Map(missing.map(({ key }) => [key, results.get(key)]))),
      );
    }
    return keyed.map(({ key }) => results.get(key) ?? noAnswer);
  }

  /** Closes the cache's file; afterwards every call goes to the embedder. */
  close(): void {
    this.#database.close();
  }

  #lookUp(database: SqliteDatabase, keyed: readonly { readonly key: string }[]): Map<string, EmbeddingResult> {
    const today = this.#today();
    const found = new Map<string, EmbeddingResult>();
    const stale: number[] = [];
    for (const { key } of keyed) {
      const select = 'SELECT rowid AS row, vector, usedOnDay FROM embedding WHERE key = ?';
      const hit = database.get<{ row: number; vector: Uint8Array; usedOnDay: number }>(select, Buffer.from(key, 'hex'));
      if (hit === undefined) continue;
      found.set(key, { vector: fromFloat16(halvesOf(hit.vector)) });
      if (hit.usedOnDay !== today) stale.push(hit.row);
    }
    if (stale.length > 0) {
      database.transaction(() => {
        for (const row of stale) database.run('UPDATE embedding SET usedOnDay = ? WHERE rowid = ?', today, row);
      });
    }
    return found;
  }

  #keep(database: SqliteDatabase, results: ReadonlyMap<string, EmbeddingResult | undefined>): void {
    database.transaction(() => {
      for (const [key, result] of results) {
        if (result === undefined || !('vector' in result)) continue;
        const blob = halfBytes(toFloat16(result.vector));
        database.run('INSERT OR REPLACE INTO embedding VALUES (?, ?, ?)', Buffer.from(key, 'hex'), blob, this.#today());
      }
    });
    this.#prune(database);
  }

  #prune(database: SqliteDatabase): void {
    const { maxBytes } = this.#options;
    const bytes = usedBytes(database);
    if (bytes <= maxBytes) return;
    const rows = database.get<{ rows: number }>('SELECT count(*) AS rows FROM embedding')?.rows ?? 0;
    const dropped = Math.ceil(rows * (1 - (keptShare * maxBytes) / bytes));
    const oldest = 'SELECT rowid FROM embedding ORDER BY usedOnDay, rowid LIMIT ?';
    database.run(`DELETE FROM embedding WHERE rowid IN (${oldest})`, dropped);
    database.shrink();
  }

  #today(): number {
    return Math.floor(this.#options.now() / dayMs);
  }
}

const noAnswer: EmbeddingResult = { failed: 'The embedder gave no answer for this text.' };

/** SHA-256 of everything that a document's vector depends on. */
function cacheKey(identity: EmbedderIdentity, text: string): string {
  return sha256(`${embedderKey(identity)}\0${identity.documentPrefix}${text}`);
}

/** A vector as it will be read back. */
function halved(result: EmbeddingResult | undefined): EmbeddingResult {
  if (result === undefined) return noAnswer;
  return 'vector' in result ? { vector: fromFloat16(toFloat16(result.vector)) } : result;
}
