import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AuditEvent } from '../core/gateway/trace.ts';
import { sha256 } from '../core/hash.ts';
import { headName, headText, lastLines, logFileName, logFiles, parseHead } from './log-files.ts';
import { beforeFirst, type ChainEnd, chainLine, lineBody, readLinks } from './log-line.ts';

/** Where and how a log is written. */
export interface LogWriterOptions {
  /** Made when missing, for its owner alone. */
  readonly folder: string;
  /** A file that has grown to this size is followed by another. */
  readonly maxFileBytes: number;
  readonly now: () => Date;
}

/** The file that is written at present. */
interface OpenLog {
  readonly name: string;
  readonly handle: FileHandle;
  readonly head: FileHandle;
  /** Bytes of complete lines. */
  size: number;
  last: ChainEnd;
}

/** What was found at the end of a log that somebody else has written, or that a process has left. */
interface FoundEnd {
  readonly last: ChainEnd;
  readonly events: readonly AuditEvent[];
}

/** Appends groups of lines to the files of a log. Whoever calls it holds the lock of the log. */
export class LogWriter {
  readonly #options: LogWriterOptions;
  #open: OpenLog | null = null;
  /** Where the chain stood when this process wrote last: what lies behind it on disk has been cut off. */
  #known: ChainEnd = beforeFirst;

  constructor(options: LogWriterOptions) {
    this.#options = options;
  }

  /**
   * Writes lines, makes them durable and moves the head. Where that fails nothing of them is left, as far as the disk still
   * allows, and the error is thrown.
   */
  async append(bodies: readonly string[]): Promise<void> {
    try {
      const events = await this.#catchUp();
      let log = this.#open!;
      const all = [...events.map(lineBody), ...bodies];
      if (all.length === 0) return;
      if (log.size >= this.#options.maxFileBytes) log = await this.#rotate(log);
      await this.#write(log, all);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const log = this.#open;
    this.#open = null;
    await closeQuietly(log?.handle);
    await closeQuietly(log?.head);
  }

  async #write(log: OpenLog, bodies: readonly string[]): Promise<void> {
    let last = log.last;
    let text = '';
    for (const body of bodies) {
      const { line, end } = chainLine(body, last);
      text += line;
      last = end;
    }
    const bytes = Buffer.from(text);
    try {
      await writeAll(log.handle, bytes);
      await log.handle.datasync();
    } catch (error) {
      // Half a group would be written again behind itself.
      await log.handle.truncate(log.size).catch(() => {});
      throw error;
    }
    log.size += bytes.length;
    log.last = last;
    this.#known = last;
    // The lines are safe. A head that could not be written shows with the next group, which then reads the files.
    await log.head.write(headText(last), 0).catch(() => {});
  }

  /** Makes sure that the open file is the one to append to, and says what was found wrong. */
  async #catchUp(): Promise<readonly AuditEvent[]> {
    if (this.#open !== null && (await isUnchanged(this.#open))) return [];
    await this.close();
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const names = await logFiles(folder);
    const name = names.at(-1) ?? logFileName(this.#known.sequence + 1);
    const handle = await open(join(folder, name), 'a+', 0o600);
    const head = await open(join(folder, headName), constants.O_RDWR | constants.O_CREAT, 0o600);
    this.#open = { name, handle, head, size: 0, last: beforeFirst };
    if (names.length === 0) await this.#begin(head);
    const found = await this.#findEnd(this.#open, names);
    this.#open.last = found.last;
    return found.events;
  }

  /** A new log has a head before it has lines, so that one without a head is known for damaged. */
  async #begin(head: FileHandle): Promise<void> {
    if ((await head.stat()).size === 0) await head.write(headText(beforeFirst), 0);
    await syncFolder(this.#options.folder);
  }

  /** Finds the last complete line, cuts off what lies behind it, and compares with where the chain should stand. */
  async #findEnd(log: OpenLog, names: readonly string[]): Promise<FoundEnd> {
    const events: AuditEvent[] = [];
    const note = (action: string, details: AuditEvent['details']): void => {
      events.push({ action, at: this.#options.now().toISOString(), details });
    };
    const { size } = await log.handle.stat();
    const { lines, end } = await lastLines(log.handle, size, 1);
    if (end < size) {
      const rest = Buffer.alloc(size - end);
      await log.handle.read(rest, 0, rest.length, end);
      await log.handle.truncate(end);
      note('audit.repair', { file: log.name, removedBytes: rest.length, removedHash: sha256(rest) });
    }
    log.size = end;
    const line = lines[0] ?? (await this.#lastLineBefore(names));
    const links = line === undefined ? beforeFirst : readLinks(line);
    if (links === null) note('audit.damage', { file: log.name, problem: 'Its last line is none of an audit log.' });
    const onDisk: ChainEnd = links ?? beforeFirst;
    const told = parseHead((await log.head.read(Buffer.alloc(100), 0, 100, 0)).buffer.toString().replace(/\0+$/, ''));
    if (told === null) note('audit.damage', { file: headName, problem: 'It is missing or damaged.' });
    const expected = told !== null && told.sequence >= this.#known.sequence ? told : this.#known;
    if (onDisk.sequence > expected.sequence || onDisk.hash === expected.hash) return { last: onDisk, events };
    // The chain goes on from where it stood, so that what is missing shows for ever.
    note('audit.gap', { expected: expected.sequence, found: onDisk.sequence });
    return { last: expected, events };
  }

  /** The last line of the file before the newest, which is empty when a process ended just after it had made it. */
  async #lastLineBefore(names: readonly string[]): Promise<Buffer | undefined> {
    const name = names.at(-2);
    if (name === undefined) return undefined;
    const handle = await open(join(this.#options.folder, name), 'r');
    try {
      return (await lastLines(handle, (await handle.stat()).size, 1)).lines[0];
    } finally {
      await handle.close();
    }
  }

  async #rotate(log: OpenLog): Promise<OpenLog> {
    const { folder } = this.#options;
    const name = logFileName(log.last.sequence + 1);
    const handle = await open(join(folder, name), 'a+', 0o600);
    await closeQuietly(log.handle);
    this.#open = { ...log, name, handle, size: 0 };
    await syncFolder(folder);
    return this.#open;
  }
}

/** True when nobody else has written, cut, moved or deleted the files since. */
async function isUnchanged({ handle, head, size, last }: OpenLog): Promise<boolean> {
  const { size: found, nlink } = await handle.stat();
  if (found !== size || nlink === 0) return false;
  const expected = headText(last);
  const { buffer, bytesRead } = await head.read(Buffer.alloc(expected.length + 1), 0, expected.length + 1, 0);
  return buffer.toString('latin1', 0, bytesRead) === expected && (await head.stat()).nlink > 0;
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await handle.write(bytes, written)).bytesWritten;
  }
}

/** A new file is there after a power cut only when its folder, and a new folder's own one, are on disk. */
async function syncFolder(folder: string): Promise<void> {
  for (const path of [folder, dirname(folder)]) {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

async function closeQuietly(handle: FileHandle | undefined): Promise<void> {
  // Everything that matters was made durable before.
  await handle?.close().catch(() => {});
}
