import { ServiceError } from '../../core/errors.ts';
import { SqliteDatabase } from '../sqlite.ts';

/** Layout of catalogue and chunk table; any difference means a rebuild. */
export const schemaVersion = 5;

/** What an alarm's name stands behind among the notes in `meta`. */
export const alarmPrefix = 'alarm:';

const rebuildAdvice = 'Run `lorekeep index --rebuild`.';

/**
 * Numbers and short rows, for the catalogue counts toward the size of an index. `pending` is the journal: content of
 * files on its way to the chunk store (`content` null for a file that was only removed). `lexical` adds up the files'
 * chunks and search terms, which searching needs after each change.
 */
const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE file (
    file INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    language TEXT NOT NULL,
    encoding TEXT NOT NULL,
    chunker_version TEXT NOT NULL,
    generation INTEGER NOT NULL,
    first_chunk INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    degraded TEXT NOT NULL,
    symbols INTEGER NOT NULL
  );
  CREATE TABLE lexical (chunks INTEGER NOT NULL, terms INTEGER NOT NULL);
  CREATE TRIGGER file_added AFTER INSERT ON file BEGIN
    UPDATE lexical SET chunks = chunks + NEW.chunks, terms = terms + NEW.terms;
  END;
  CREATE TRIGGER file_changed AFTER UPDATE OF chunks, terms ON file BEGIN
    UPDATE lexical SET chunks = chunks + NEW.chunks - OLD.chunks, terms = terms + NEW.terms - OLD.terms;
  END;
  CREATE TRIGGER file_removed AFTER DELETE ON file BEGIN
    UPDATE lexical SET chunks = chunks - OLD.chunks, terms = terms - OLD.terms;
  END;
  CREATE TABLE symbols (file INTEGER PRIMARY KEY, content BLOB NOT NULL);
  CREATE TABLE symbol_name (
    fold INTEGER NOT NULL,
    file INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (fold, file, position)
  ) WITHOUT ROWID;
  CREATE TABLE path_word (word TEXT PRIMARY KEY, files INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE skipped (path TEXT PRIMARY KEY, reason TEXT NOT NULL, detail TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE quarantine (hash BLOB PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE pending (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    file INTEGER NOT NULL UNIQUE,
    generation INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    removes INTEGER NOT NULL,
    content BLOB
  );
  INSERT INTO meta VALUES ('nextChunk', '1');
  INSERT INTO lexical VALUES (0, 0);
  PRAGMA user_version = ${schemaVersion};
`;

/** Makes a new, empty catalogue. Errors: `store_failed`. */
export function createCatalogue(path: string): SqliteDatabase {
  const database = new SqliteDatabase(path, { ifDamaged: rebuildAdvice });
  database.transaction(() => database.exec(tables));
  return database;
}

/** Opens a catalogue. Errors: `index_incompatible` when it is damaged or of another version, `store_failed`. */
export function openCatalogue(path: string, readOnly: boolean): SqliteDatabase {
  const database = new SqliteDatabase(path, { readOnly, ifDamaged: rebuildAdvice });
  try {
    const version = database.get<{ user_version: number }>('PRAGMA user_version')?.user_version;
    if (version === schemaVersion) return database;
    const made =
      version === 0 ? 'not complete' : `of format ${version}, this version of Lorekeep reads ${schemaVersion}`;
    throw new ServiceError('index_incompatible', `The index in ${path} is ${made}. ${rebuildAdvice}`);
  } catch (error) {
    database.close();
    throw error;
  }
}
