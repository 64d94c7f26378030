import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, ServiceError } from '../../core/errors.ts';
import { currentWriter } from '../writer-lock.ts';
import { answerName, askName, lookOften, mostRequests, namesIn, requestsFolder } from './request-files.ts';

/** What a writer answers. */
export type RequestAnswer =
  | { readonly report: unknown }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } };

/** What became of a request. */
export type AskOutcome =
  | { readonly kind: 'done'; readonly report: unknown }
  /** The time is over; the writer goes on with what it does. */
  | { readonly kind: 'late' }
  /** The writer has ended, or does not answer requests. */
  | { readonly kind: 'gone' };

/** How a request is made. */
export interface AskOptions {
  /** A new random id. */
  readonly id: string;
  /** How long to wait at most, in milliseconds; `Infinity` for as long as the writer lives. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const lookEveryMs = 250;
/** The longest time that a timer can wait. */
const mostMs = 2 ** 31 - 1;

/**
 * Asks the process that keeps an index current to compare all files with it, and waits until what differs is recorded. Errors: those of
 * the comparison, `aborted`, `rate_limited` where too many ask.
 */
export async function askWriter(indexFolder: string, { id, timeoutMs, signal }: AskOptions): Promise<AskOutcome> {
  const folder = requestsFolder(indexFolder);
  if (namesIn(folder).length >= mostRequests) {
    throw new ServiceError('rate_limited', 'Too many processes wait for this index. Try again in a moment.');
  }
  const outcome = Promise.withResolvers<AskOutcome>();
  const stopped = (): void => outcome.reject(new ServiceError('aborted', 'Stopped before it was finished.'));
  signal.addEventListener('abort', stopped, { once: true });
  if (signal.aborted) stopped();
  writeFileSync(join(folder, askName(id)), '', { mode: 0o600, flag: 'wx' });
  const timer = setTimeout(() => outcome.resolve({ kind: 'late' }), Math.min(timeoutMs, mostMs));
  const stopLooking = lookOften(folder, lookEveryMs, () => {
    const answer = readAnswer(join(folder, answerName(id)));
    if (answer !== null) outcome.resolve({ kind: 'done', report: answer });
    else if (!isAnswering(indexFolder)) outcome.resolve({ kind: 'gone' });
  });
  try {
    const result = await outcome.promise;
    return result.kind === 'done' ? { kind: 'done', report: reportOf(result.report as RequestAnswer) } : result;
  } finally {
    clearTimeout(timer);
    stopLooking();
    signal.removeEventListener('abort', stopped);
    for (const name of [askName(id), answerName(id)]) rmSync(join(folder, name), { force: true });
  }
}

/** True while a process keeps the index current that answers requests. */
export function isAnswering(indexFolder: string): boolean {
  const writer = currentWriter(indexFolder);
  return writer !== null && writer.purpose !== 'index';
}

function readAnswer(path: string): RequestAnswer | null {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RequestAnswer;
  } catch {
    return null;
  }
}

function reportOf(answer: RequestAnswer): unknown {
  if ('error' in answer) throw new ServiceError(answer.error.code, answer.error.message);
  return answer.report;
}
