import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditProblem, AuditVerification } from '../core/gateway/audit-archive.ts';
import { ServiceError } from '../core/errors.ts';
import { firstSequenceOf, headName, logFiles, readHead } from './log-files.ts';
import { beforeFirst, type ChainEnd, readLinks } from './log-line.ts';

export interface VerifyOptions {
  /** Hash of a line that was kept elsewhere; the line must still be there. */
  readonly head?: string;
  readonly signal: AbortSignal;
}

const lineFeed = 10;
const pieceBytes = 1_048_576;

/** Walks along the chain of a log. */
interface Walk {
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Lines that must be met, by what they are for. */
  readonly told: ChainEnd | null;
  readonly kept: string | null;
  last: ChainEnd;
  lines: number;
  bytes: number;
  unfinishedBytes: number;
  hasMetKept: boolean;
}

/**
 * Checks a log from its first line to its last: each line's hash, its link to the line before, the numbers, the names of the
 * files, and the head. Ends at the first problem. Errors: `store_failed` where there is no log or it cannot be read.
 */
export async function verifyAuditLog(folder: string, { head, signal }: VerifyOptions): Promise<AuditVerification> {
  // Before the lines: while others write, the lines may be ahead of the head, never behind it.
  const told = await readHead(folder);
  const names = await logFiles(folder);
  if (names.length === 0 && told === null)
    throw new ServiceError('store_failed', `There is no audit log in ${folder}. \`lorekeep serve\` writes one.`);
  const kept = head?.toLowerCase() ?? null;
  const nothing = { last: beforeFirst, lines: 0, bytes: 0, unfinishedBytes: 0 };
  const walk: Walk = { folder, signal, told, kept, ...nothing, hasMetKept: kept === null || kept === beforeFirst.hash };
  let problem: AuditProblem | null = null;
  for (const name of names) problem ??= await verifyFile(walk, name, name === names.at(-1));
  problem ??= verifyEnd(walk, names.at(-1) ?? headName);
  const { lines, bytes, unfinishedBytes, last } = walk;
  return { files: names.length, lines, bytes, head: last, unfinishedBytes, problem };
}

async function verifyFile(walk: Walk, name: string, isLastFile: boolean): Promise<AuditProblem | null> {
  let line = 0;
  const handle = await open(join(walk.folder, name), 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    const room = Math.min(pieceBytes, (await handle.stat()).size + 1);
    for (;;) {
      walk.signal.throwIfAborted();
      // A new buffer for each piece, as lines of the piece before are still in use.
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(room), 0, room);
      if (bytesRead === 0) break;
      const piece = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let start = 0;
      for (let at = piece.indexOf(lineFeed); at !== -1; at = piece.indexOf(lineFeed, start)) {
        line++;
        const reason = verifyLine(walk, piece.subarray(start, at), line === 1 ? firstSequenceOf(name) : null);
        if (reason !== null) return { file: name, line, reason };
        start = at + 1;
      }
      rest = piece.subarray(start);
    }
    walk.unfinishedBytes = rest.length;
  } finally {
    await handle.close();
  }
  if (walk.unfinishedBytes === 0 || isLastFile) return null;
  return { file: name, line: line + 1, reason: 'The last line of this file is not complete.' };
}

/** What is wrong with the next line, null if nothing is. `named` is its number by the name of the file that it begins. */
function verifyLine(walk: Walk, line: Buffer, named: number | null): string | null {
  const links = readLinks(line);
  if (links === null) return 'This is no line of an audit log, or its end was changed.';
  const { sequence, hash, previous, hashField } = links;
  const [start, end] = hashField;
  const actual = createHash('sha256').update(line.subarray(0, start)).update(line.subarray(end)).digest('hex');
  if (actual !== hash) return `The content of line ${sequence} is not what was written.`;
  const expected = walk.last.sequence + 1;
  if (sequence > expected) return `${lineRange(expected, sequence - 1)} missing before it.`;
  if (sequence < expected) return `Line ${sequence} stands where line ${expected} belongs.`;
  if (previous !== walk.last.hash) return `Line ${sequence} does not follow from the line before it.`;
  if (named !== null && named !== sequence) return `The file's name says that it begins with line ${named}.`;
  if (walk.told?.sequence === sequence && walk.told.hash !== hash)
    return `Line ${sequence} is not the one that the head names.`;
  if (hash === walk.kept) walk.hasMetKept = true;
  walk.last = { sequence, hash };
  walk.lines++;
  walk.bytes += line.length + 1;
  return null;
}

function verifyEnd({ told, last, hasMetKept }: Walk, file: string): AuditProblem | null {
  const problem = (reason: string): AuditProblem => ({ file, line: null, reason });
  if (told === null)
    return { ...problem('It is missing or damaged, so nobody can tell where the log ends.'), file: headName };
  if (told.sequence > last.sequence)
    return problem(`${lineRange(last.sequence + 1, told.sequence)} missing at the end.`);
  if (!hasMetKept)
    return problem('No line has the hash that was kept: the log was written anew, or its end is missing.');
  return null;
}

function lineRange(first: number, last: number): string {
  return first === last ? `Line ${first} is` : `Lines ${first} to ${last} are`;
}
