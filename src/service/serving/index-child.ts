import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { indexingFlags } from '../../config-indexing.ts';
import type { FlagValues } from '../../config.ts';
import { type ErrorCode, errorCodes, ServiceError } from '../../core/errors.ts';
import type { IndexSummary, RunProgress } from '../../verbs/reports.ts';

/** What a run of `lorekeep index` in a process of its own takes. */
export interface IndexChildRequest {
  /** The program: what Node was started with. */
  readonly entry: string;
  /** Absolute path of the folder to index. */
  readonly folder: string;
  /** Options as this process was given them; the environment is passed on as it is. */
  readonly flags: FlagValues;
  readonly onProgress: (progress: RunProgress) => void;
}

/** How long a stopped run may take to leave its index in order, in milliseconds. */
const stopMs = 10_000;
/** More is no summary of ours. */
const maxOutputCharacters = 1_000_000;

/**
 * Indexes a folder in a process of its own with low priority, so that neither its work nor its memory is this process's.
 * Errors: those of the run itself, `aborted`, and `internal` when the process ends in another way.
 */
export async function runIndexChild(request: IndexChildRequest, signal: AbortSignal): Promise<IndexSummary> {
  if (signal.aborted) throw new ServiceError('aborted', 'Stopped before it was finished.');
  const words = ['index', request.folder, '--json', '--progress-json', ...indexingFlags(request.flags)];
  const child = spawn(process.execPath, [request.entry, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  lowerPriority(child);
  const stopListening = stopOnAbort(child, signal);
  try {
    const [output, lastWords, end] = await Promise.all([
      outputOf(child),
      progressOf(child, request.onProgress),
      endOf(child),
    ]);
    const outcome = parseOutcome(output);
    if (outcome === null)
      throw new ServiceError('internal', `Indexing ended unexpectedly (${end}). ${lastWords}`.trim());
    if ('error' in outcome) throw new ServiceError(outcome.error.code, outcome.error.message);
    if (outcome.aborted) throw new ServiceError('aborted', 'Stopped before it was finished.');
    return outcome;
  } finally {
    stopListening();
  }
}

/** A lower share of a busy processor, not none: a run must end some time, also beside a model that never rests. */
function lowerPriority(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not allow it: then it runs like any other.
  }
}

/** Asks the process to end in order, and ends it when it does not. Returns what stops listening. */
function stopOnAbort(child: ChildProcess, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  return () => {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
  };
}

async function outputOf({ stdout }: ChildProcess): Promise<string> {
  let output = '';
  for await (const piece of stdout?.setEncoding('utf8') ?? []) {
    if (output.length < maxOutputCharacters) output += String(piece);
  }
  return output;
}

/** Reports progress; resolves with the last line that was none. */
async function progressOf({ stderr }: ChildProcess, onProgress: (progress: RunProgress) => void): Promise<string> {
  let lastWords = '';
  if (stderr === null) return lastWords;
  for await (const line of createInterface({ input: stderr })) {
    const progress = parseProgress(line);
    if (progress !== null) onProgress(progress);
    else if (line.trim() !== '') lastWords = line.slice(0, 500);
  }
  return lastWords;
}

/** How a process ended, in words. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (status, by) => resolve(by === null ? `status ${status}` : `signal ${by}`));
  });
}

function parseProgress(line: string): RunProgress | null {
  if (!line.startsWith('{"progress":')) return null;
  try {
    return (JSON.parse(line) as { progress: RunProgress }).progress;
  } catch {
    return null;
  }
}

interface Failure {
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

function parseOutcome(output: string): IndexSummary | Failure | null {
  try {
    const outcome = JSON.parse(output) as IndexSummary | Failure;
    if ('error' in outcome) return errorCodes.includes(outcome.error.code) ? outcome : null;
    return typeof outcome.project === 'string' ? outcome : null;
  } catch {
    return null;
  }
}
