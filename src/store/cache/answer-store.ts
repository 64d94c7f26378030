import { createHash } from 'node:crypto';
import type { AnswerStore } from '../../core/gateway/answer-cache.ts';
import type { ModelEvent } from '../../core/gateway/model-server.ts';
import { CacheDatabase, usedBytes } from './cache-database.ts';
import type { SqliteDatabase } from '../sqlite.ts';

/** What an answer store works with. */
export interface AnswerStoreOptions {
  /** The store's file; made when missing. */
  readonly path: string;
  /** Above this size what was not used for longest is dropped. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told, as a sentence, when the store could not be used; the work goes on without it. */
  readonly report: (problem: string) => void;
  /** Characters of the answers that are held in memory, too. Default eight million. */
  readonly memoryCharacters?: number;
}

/** An answer in memory. */
interface HeldAnswer {
  readonly events: readonly ModelEvent[];
  readonly madeAt: number;
  readonly characters: number;
}

const schema = `CREATE TABLE IF NOT EXISTS answer (
  key BLOB NOT NULL UNIQUE,
  events TEXT NOT NULL,
  checksum BLOB NOT NULL,
  madeAt INTEGER NOT NULL,
  usedAt INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS answer_by_use ON answer (usedAt)`;

const defaultMemoryCharacters = 8_000_000;
/** One answer takes at most this share of the store, and of the memory. */
const largestShare = 0.25;
/** Answers dropped at a time: so few that nobody who waits for an answer notices. */
const droppedAtOnce = 16;
/** Uses are written down together, as reading should not have to write. */
const maxUses = 64;
/** A request must not wait long for what another process writes. */
const busyTimeoutMs = 50;

/**
 * Answers in an SQLite file, those used last also in memory. Nothing waits for the disk: a power cut may cost the file, and
 * checksums see to it that it never gives wrong words. Not compressed: an answer has some 3 kB, so that 200 MB hold
 * 60,000, and unpacking would take longer than reading it.
 */
export class SqliteAnswerStore implements AnswerStore {
  readonly #options: AnswerStoreOptions;
  readonly #database: CacheDatabase;
  /** In the order of their last use. */
  readonly #held = new Map<string, HeldAnswer>();
  #heldCharacters = 0;
  /** Uses that are not on disk yet: when, by key. */
  readonly #uses = new Map<string, number>();

  constructor(options: AnswerStoreOptions) {
    this.#options = options;
    const { path, report } = options;
    const name = 'The answer cache';
    this.#database = new CacheDatabase({ path, report, schema, name, durability: 'none', busyTimeoutMs });
    this.#database.attempt((database) => {
      // The store may have been allowed to be larger before.
      if (this.#fit(database) > 0) database.shrink();
    });
  }

  read(key: string, notBefore: number): readonly ModelEvent[] | null {
    const answer = this.#held.get(key) ?? this.#database.attempt((database) => load(database, key));
    if (answer === null || answer.madeAt < notBefore) return null;
    this.#hold(key, answer);
    this.#uses.set(key, this.#options.now());
    if (this.#uses.size >= maxUses) this.#database.attempt((database) => this.#writeUses(database));
    return answer.events;
  }

  write(key: string, events: readonly ModelEvent[]): void {
    const text = JSON.stringify(events);
    if (text.length > this.#options.maxBytes * largestShare) return;
    const madeAt = this.#options.now();
    this.#hold(key, { events, madeAt, characters: text.length });
    const row = [bytesOf(key), text, checksum(key, text), madeAt, madeAt];
    this.#database.attempt((database) => {
      database.run('INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)', ...row);
      this.#fit(database);
    });
  }

  size(): { readonly answers: number; readonly bytes: number } {
    const size = this.#database.attempt((database) => ({
      answers: database.get<{ answers: number }>('SELECT count(*) AS answers FROM answer')?.answers ?? 0,
      bytes: usedBytes(database),
    }));
    return size ?? { answers: 0, bytes: 0 };
  }

  /** Writes down what was used, and closes the file. */
  close(): void {
    this.#database.attempt((database) => this.#writeUses(database));
    this.#database.close();
    this.#held.clear();
    this.#heldCharacters = 0;
  }

  /** Drops answers until the rest fits; returns how many. */
  #fit(database: SqliteDatabase): number {
    let dropped = 0;
    while (usedBytes(database) > this.#options.maxBytes) {
      const changes = this.#drop(database);
      if (changes === 0) break;
      dropped += changes;
    }
    return dropped;
  }

  /** Drops a few answers that were not used for longest; returns how many. Their pages are used again. */
  #drop(database: SqliteDatabase): number {
    return database.transaction(() => {
      this.#writeUses(database);
      const oldest = 'SELECT rowid FROM answer ORDER BY usedAt LIMIT ?';
      return database.run(`DELETE FROM answer WHERE rowid IN (${oldest})`, droppedAtOnce).changes;
    });
  }

  #writeUses(database: SqliteDatabase): void {
    const uses = [...this.#uses];
    this.#uses.clear();
    database.transaction(() => {
      for (const [key, at] of uses) database.run('UPDATE answer SET usedAt = ? WHERE key = ?', at, bytesOf(key));
    });
  }

  #hold(key: string, answer: HeldAnswer): void {
    const bound = this.#options.memoryCharacters ?? defaultMemoryCharacters;
    this.#letGo(key);
    // One large answer must not push out all the others.
    if (answer.characters > bound * largestShare) return;
    this.#held.set(key, answer);
    this.#heldCharacters += answer.characters;
    for (const oldest of this.#held.keys()) {
      if (this.#heldCharacters <= bound) return;
      this.#letGo(oldest);
    }
  }

  #letGo(key: string): void {
    this.#heldCharacters -= this.#held.get(key)?.characters ?? 0;
    this.#held.delete(key);
  }
}

/** Null where there is none, or where its text is damaged. */
function load(database: SqliteDatabase, key: string): HeldAnswer | null {
  const select = 'SELECT events, checksum, madeAt FROM answer WHERE key = ?';
  const row = database.get<{ events: string; checksum: Uint8Array; madeAt: number }>(select, bytesOf(key));
  if (row === undefined) return null;
  if (checksum(key, row.events).equals(row.checksum))
    return { events: JSON.parse(row.events) as ModelEvent[], madeAt: row.madeAt, characters: row.events.length };
  database.run('DELETE FROM answer WHERE key = ?', bytesOf(key));
  return null;
}

/** A key is a SHA-256 in hex. */
function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'hex');
}

/** Enough to tell damage. */
function checksum(key: string, text: string): Buffer {
  return createHash('sha256').update(key).update(text).digest().subarray(0, 8);
}
