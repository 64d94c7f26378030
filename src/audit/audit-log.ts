import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ServiceError } from '../core/errors.ts';
import type { AuditEvent, AuditLog } from '../core/gateway/trace.ts';
import { GroupLock } from './group-lock.ts';
import { lineBody } from './log-line.ts';
import { LogWriter } from './log-writer.ts';

/** How a log is kept. All but the first two are for tests. */
export interface AuditLogOptions {
  /** Holds the files of the log; made when missing. */
  readonly folder: string;
  readonly now: () => Date;
  /** Default 64 MB. */
  readonly maxFileBytes?: number;
  /** Lines that may wait when the disk fails; more are counted, not kept. Default 50,000. */
  readonly maxWaitingLines?: number;
  /** Milliseconds between two attempts when the disk fails. Default 1,000. */
  readonly retryMs?: number;
}

const defaults = { maxFileBytes: 64_000_000, maxWaitingLines: 50_000, retryMs: 1_000 };
/** Lines gather for so long; the disk has the rest of the 50 ms. */
const gatherMs = 15;
/** Another process's group takes a few milliseconds. */
const lockRetryMs = 3;
/** A process that holds the lock longer than this has stopped, with the lock in its hands. */
const lockPatienceMs = 5_000;
/** As many lines as are hashed in two or three milliseconds. */
const maxGroupLines = 1_000;
/** Waiting lines are bounded in length, too: those with contents can be long. */
const maxWaitingCharacters = 64_000_000;

/** Opens a log for appending; what an earlier process has left is put in order with the first group of lines. */
export function openAuditLog(options: AuditLogOptions): AuditLog {
  return new GroupedAuditLog(options);
}

/** Queues lines and writes them in groups, so that nobody waits for the disk. */
class GroupedAuditLog implements AuditLog {
  readonly #options: AuditLogOptions & typeof defaults;
  readonly #writer: LogWriter;
  readonly #lock: GroupLock;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  /** Lines for which there was no room, and since when. */
  #lost = { lines: 0, since: '' };
  #problem: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** The group on its way to the disk. */
  #writing: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: AuditLogOptions) {
    this.#options = { ...defaults, ...options };
    this.#writer = new LogWriter(this.#options);
    this.#lock = new GroupLock(join(options.folder, 'lock'));
    this.#schedule(gatherMs);
  }

  append(event: AuditEvent): void {
    const body = lineBody(event);
    const isFull =
      this.#waiting.length >= this.#options.maxWaitingLines || this.#waitingCharacters > maxWaitingCharacters;
    if (isFull || this.#isClosed) {
      if (this.#lost.lines++ === 0) this.#lost.since = this.#options.now().toISOString();
      return;
    }
    this.#waiting.push(body);
    this.#waitingCharacters += body.length;
    this.#schedule(gatherMs);
  }

  /** Errors: `store_failed` when the lines cannot be written now; they are kept, and tried again. */
  async flush(): Promise<void> {
    do await this.#attempt();
    while (this.#hasWork() && this.#problem === null);
    if (this.#problem !== null) throw new ServiceError('store_failed', this.#problem);
  }

  problem(): string | null {
    if (this.#problem === null) return null;
    const lost = this.#lost.lines === 0 ? '' : ` ${this.#lost.lines} more could not be kept.`;
    return `${this.#problem} ${this.#waiting.length} lines wait for it.${lost}`;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.flush().catch(() => {});
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#writer.close();
    this.#lock.close();
  }

  #hasWork(): boolean {
    return this.#waiting.length > 0 || this.#lost.lines > 0;
  }

  #schedule(afterMs: number): void {
    if (this.#timer !== null || this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#attempt(), afterMs);
    // A process that ends goes through `close`; an attempt that must wait for a disk is no reason to stay.
    if (afterMs >= this.#options.retryMs) this.#timer.unref();
  }

  /** Writes one group, after the one that is being written; never rejects. */
  #attempt(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const before = this.#writing ?? Promise.resolve();
    const attempt = before.then(() => this.#writeGroup());
    this.#writing = attempt;
    return attempt;
  }

  async #writeGroup(): Promise<void> {
    try {
      await this.#takeLock();
      const group = this.#waiting.slice(0, maxGroupLines);
      const { lines: lost, since } = this.#lost;
      const isLast = group.length === this.#waiting.length;
      const told = isLast && lost > 0 ? [this.#lossBody()] : [];
      await this.#writer.append([...group, ...told]).finally(() => this.#lock.give());
      this.#waiting = this.#waiting.slice(group.length);
      for (const body of group) this.#waitingCharacters -= body.length;
      if (told.length > 0) this.#lost = { lines: this.#lost.lines - lost, since };
      this.#problem = null;
      if (this.#hasWork()) this.#schedule(0);
    } catch (error) {
      this.#problem = `The audit log in ${this.#options.folder} cannot be written: ${sentenceOf(error)}`;
      this.#schedule(this.#options.retryMs);
    }
  }

  async #takeLock(): Promise<void> {
    for (let waitedMs = 0; !this.#lock.take(); waitedMs += lockRetryMs) {
      if (waitedMs > lockPatienceMs) throw new Error('another process has stopped while it was writing; end it.');
      await wait(lockRetryMs);
    }
  }

  #lossBody(): string {
    const { lines, since } = this.#lost;
    return lineBody({ action: 'audit.lost', at: this.#options.now().toISOString(), details: { lines, since } });
  }
}

function sentenceOf(error: unknown): string {
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', message: String(error) };
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'its disk is full. Free some space.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'it may not be. Check its permissions.';
  return message.endsWith('.') ? message : `${message}.`;
}
