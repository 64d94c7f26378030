import type { ParseReply, PlannedFile } from './parse-job.ts';
import type { ParsePool } from './parse-pool.ts';

/** A file that came back from the pool. */
export interface ParsedFile extends ParseReply {
  readonly planned: PlannedFile;
}

export interface ParseInOrderOptions {
  readonly signal?: AbortSignal | undefined;
  /** Before files of others that still wait for a thread. */
  readonly isUrgent?: boolean;
  /** Bytes of files in work or waiting for a slower one before them. Default 32 MB. */
  readonly windowBytes?: number;
}

/** Files in work or waiting for a slower one before them: bounds memory, and is wide enough to hide one slow file. */
const maxFiles = 128;
const maxBytes = 32 * 2 ** 20;

/**
 * Parses files in parallel and yields them in the order they were planned, so that the same project always gets the same
 * file numbers. Ends early when the signal says so.
 */
export async function* parseInOrder(
  files: readonly PlannedFile[],
  pool: ParsePool,
  { signal, isUrgent = false, windowBytes = maxBytes }: ParseInOrderOptions = {},
): AsyncGenerator<ParsedFile> {
  const window: { planned: PlannedFile; reply: Promise<ParseReply> }[] = [];
  let bytes = 0;
  let next = 0;
  while (!signal?.aborted) {
    while (next < files.length && window.length < maxFiles && (bytes < windowBytes || window.length === 0)) {
      const planned = files[next++]!;
      const reply = pool.parse(planned.job, isUrgent);
      // Left early, nobody awaits it; that must not end the process.
      reply.catch(() => undefined);
      window.push({ planned, reply });
      bytes += planned.bytes;
    }
    const first = window.shift();
    if (first === undefined) return;
    bytes -= first.planned.bytes;
    yield { planned: first.planned, ...(await first.reply) };
  }
}
