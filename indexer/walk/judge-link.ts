import { readlink, realpath } from 'node:fs';
import { promisify } from 'node:util';
import { joinByteString, nameOfByteString } from './path-name.ts';
import { errorCodeOf, skipped } from './skip-entry.ts';
import type { SkippedEntry } from './walk-entry.ts';

const resolveLink = promisify<string | Buffer, { encoding: 'buffer' }, Buffer>(realpath.native);
const readTarget = promisify<string | Buffer, { encoding: 'buffer' }, Buffer>(readlink);

/**
 * Says why a symbolic link is not followed. A target inside the root is met under its own name, so following the link
 * would index it twice, or for ever; a target outside is not part of the project.
 */
export async function judgeLink(root: string, path: string): Promise<SkippedEntry> {
  const absolute = joinByteString(root, path);
  const target = nameOfByteString((await readTarget(absolute, { encoding: 'buffer' })).toString('latin1'));
  try {
    const resolved = (await resolveLink(absolute, { encoding: 'buffer' })).toString('latin1');
    if (isInside(resolved, Buffer.from(root).toString('latin1'))) return skipped(path, 'link', `link to ${target}`);
    return skipped(path, 'outside_root', `link to ${target}, which is not in the project`);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return skipped(path, 'broken_link', `link to ${target}, which is not there`);
    if (code === 'ELOOP') return skipped(path, 'broken_link', `link to ${target}, which leads back to itself`);
    throw error;
  }
}

function isInside(path: string, root: string): boolean {
  return path === root || root === '/' || path.startsWith(`${root}/`);
}
