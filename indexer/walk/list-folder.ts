import { type Dirent, lstat, readdir } from 'node:fs';
import { promisify } from 'node:util';
import { childPath, type FolderRules, isIncluded, standingOf } from './folder-rules.ts';
import type { IgnoreMatcher } from './ignore-matcher.ts';
import { judgeLink } from './judge-link.ts';
import { joinByteString, nameOfByteString } from './path-name.ts';
import { skipped, skippedByError } from './skip-entry.ts';
import type { FileEntry, SkippedEntry } from './walk-entry.ts';

/** One folder as listed: what to yield and which folders to enter, in order of path bytes. */
export interface FolderListing {
  readonly items: readonly (FileEntry | SkippedEntry | SubFolder)[];
  readonly ignoredFiles: number;
  readonly ignoredFolders: number;
}

/** A folder to be listed; its path is a byte string. */
export interface SubFolder {
  readonly kind: 'folder';
  readonly path: string;
  /** It was counted as ignored, or a folder above was; it is entered for what rules bring back. */
  readonly ignored: boolean;
}

/** Entries of one folder that are looked at in one go: enough to keep the threads of Node's file system busy. */
const batchSize = 64;

// The callback forms: half the cost of `fs/promises` for calls this small.
const readFolder = promisify<string | Buffer, { encoding: 'buffer'; withFileTypes: true }, Dirent<Buffer>[]>(readdir);
const statLink = promisify(lstat);

/** Lists a folder of the matcher's project. What vanishes meanwhile is left out: it is not there. */
export async function listFolder(matcher: IgnoreMatcher, folder: SubFolder): Promise<FolderListing> {
  let entries: Dirent<Buffer>[];
  try {
    entries = await readFolder(joinByteString(matcher.root, folder.path), { encoding: 'buffer', withFileTypes: true });
  } catch (error) {
    const item = skippedByError(folder.path, error);
    return { items: item === null ? [] : [item], ignoredFiles: 0, ignoredFolders: 0 };
  }
  const named = entries.map((entry) => ({ entry, name: entry.name.toString('latin1') }));
  const rules = matcher.folder(folder.path, new Set(named.map(({ name }) => name)));
  // Only now is it known whether the folder is marked as a cache or is another work tree.
  const newlyIgnored = !folder.ignored && !isIncluded(rules.standing) ? 1 : 0;
  if (!matcher.entersFolder(rules)) return { items: [], ignoredFiles: 0, ignoredFolders: newlyIgnored };
  const listing = await judgeEntries(matcher, rules, named);
  return { ...listing, ignoredFolders: listing.ignoredFolders + newlyIgnored };
}

interface NamedEntry {
  readonly name: string;
  readonly entry: Dirent<Buffer>;
}

async function judgeEntries(
  matcher: IgnoreMatcher,
  rules: FolderRules,
  entries: readonly NamedEntry[],
): Promise<FolderListing> {
  const sorted = entries.toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
  const items: (FileEntry | SkippedEntry | SubFolder)[] = [];
  const ignored = { ignoredFiles: 0, ignoredFolders: 0 };
  const counts = isIncluded(rules.standing) ? 1 : 0;
  for (let start = 0; start < sorted.length; start += batchSize) {
    const judged = sorted.slice(start, start + batchSize).map(async (named) => {
      if (named.name === '.git') return null;
      const isFolder = named.entry.isDirectory();
      const included = isIncluded(standingOf(rules, named.name, isFolder));
      if (!included) ignored[isFolder ? 'ignoredFolders' : 'ignoredFiles'] += counts;
      if (isFolder) return subFolder(matcher, childPath(rules, named.name), !included);
      return included ? judgeEntry(matcher.root, childPath(rules, named.name), named.entry) : null;
    });
    for (const item of await Promise.all(judged)) if (item !== null) items.push(item);
  }
  return { items, ...ignored };
}

/** A folder sorts as its path with a slash behind, so that the whole walk is in order of path bytes. */
function sortKey({ name, entry }: NamedEntry): string {
  return entry.isDirectory() ? `${name}/` : name;
}

function subFolder(matcher: IgnoreMatcher, path: string, ignored: boolean): SubFolder | null {
  return !ignored || matcher.entersFolder(matcher.folder(path)) ? { kind: 'folder', path, ignored } : null;
}

async function judgeEntry(root: string, path: string, entry: Dirent<Buffer>): Promise<FileEntry | SkippedEntry | null> {
  const absolute = joinByteString(root, path);
  try {
    if (entry.isSymbolicLink()) return await judgeLink(root, path);
    if (!entry.isFile()) return skipped(path, 'special_file', specialKind(entry));
    const stat = await statLink(absolute, { bigint: true });
    if (!stat.isFile()) return null;
    const { size, mtimeNs, ino } = stat;
    return { kind: 'file', path: nameOfByteString(path), absolute, stat: { bytes: Number(size), mtimeNs, inode: ino } };
  } catch (error) {
    return skippedByError(path, error);
  }
}

/** What to call a file that is neither a regular one nor a link. */
export function specialKind(entry: Pick<Dirent, 'isFIFO' | 'isSocket'>): string {
  if (entry.isFIFO()) return 'named pipe';
  if (entry.isSocket()) return 'socket';
  return 'device';
}
