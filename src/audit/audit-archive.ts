import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../core/errors.ts';
import type { AuditArchive, AuditHead, AuditLine } from '../core/gateway/audit-archive.ts';
import { withCommonNames } from './field-names.ts';
import { lastLines, logFiles, readHead } from './log-files.ts';
import { readLinks } from './log-line.ts';
import { verifyAuditLog } from './verify-log.ts';

/** Opens the log of a folder for reading. Nothing is held open or locked. */
export function openAuditArchive(folder: string): AuditArchive {
  return {
    verify: (options) => translated(folder, () => verifyAuditLog(folder, options)),
    head: () => translated(folder, () => headOf(folder)),
    last: (count) => translated(folder, () => readLast(folder, count)),
    withCommonNames,
  };
}

async function headOf(folder: string): Promise<AuditHead> {
  const head = await readHead(folder);
  if (head !== null) return head;
  const problem = (await logFiles(folder)).length === 0 ? 'has no audit log' : 'has an audit log without its head file';
  throw new ServiceError('store_failed', `${folder} ${problem}. \`lorekeep audit verify\` says more.`);
}

/** The newest lines of all files, oldest first. */
async function readLast(folder: string, count: number): Promise<readonly AuditLine[]> {
  const taken: (readonly AuditLine[])[] = [];
  let wanted = count;
  for (const name of (await logFiles(folder)).toReversed()) {
    if (wanted <= 0) break;
    const handle = await open(join(folder, name), 'r');
    try {
      const { lines } = await lastLines(handle, (await handle.stat()).size, wanted);
      taken.unshift(lines.flatMap(parsedLine));
      wanted -= lines.length;
    } finally {
      await handle.close();
    }
  }
  return taken.flat();
}

function parsedLine(line: Buffer): readonly AuditLine[] {
  try {
    return readLinks(line) === null ? [] : [JSON.parse(line.toString()) as AuditLine];
  } catch {
    return [];
  }
}

async function translated<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof ServiceError || (cause instanceof Error && cause.name === 'AbortError')) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ServiceError('store_failed', `The audit log in ${folder} cannot be read: ${message}.`, { cause });
  }
}
