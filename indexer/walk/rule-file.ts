import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Rule files are written by hand; one above this size in bytes is not read, and the caller is told. */
const maxRuleFileBytes = 1_000_000;

/** Text of a small file as a byte string, or why there is none (`problem` is '' where no file is). */
export type RuleText = { readonly text: string } | { readonly problem: string };

/**
 * Reads an ignore file. A link is not followed unless `followLinks`, as git does inside a work tree; nothing that is
 * not a regular file is read.
 */
export function readRuleFile(path: string | Buffer, followLinks = false): RuleText {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (followLinks ? 0 : constants.O_NOFOLLOW));
  } catch (error) {
    return { problem: openProblem(error) };
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return { problem: 'it is not a regular file' };
    if (stat.size > maxRuleFileBytes) return { problem: `it is larger than ${maxRuleFileBytes} bytes` };
    const bytes = Buffer.alloc(stat.size);
    return { text: bytes.toString('latin1', 0, readSync(file, bytes, 0, stat.size, 0)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    closeSync(file);
  }
}

function openProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return '';
  if (code === 'ELOOP') return 'it is a link, which git does not follow either';
  return code === 'EACCES' ? 'permission denied' : String(code);
}
