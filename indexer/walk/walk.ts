import { readdirSync } from 'node:fs';
import { ServiceError } from '../../src/core/errors.ts';
import { IgnoreMatcher, type IgnoreOptions } from './ignore-matcher.ts';
import { type FolderListing, listFolder, type SubFolder } from './list-folder.ts';
import { byteStringOfName } from './path-name.ts';
import { errorCodeOf } from './skip-entry.ts';
import type { WalkEnd, WalkEntry } from './walk-entry.ts';

export interface WalkOptions {
  readonly signal?: AbortSignal;
  /** Folder to walk, in the form of path-name.ts; the whole project by default. */
  readonly under?: string;
}

/** How many folders are listed of the one that is being handed out. */
const foldersAhead = 8;

/**
 * The matcher for a project, to be shared by its scan and its watcher. Throws `source_unreadable` where `root` is not
 * a folder that can be read.
 */
export function createIgnoreMatcher(root: string, options: IgnoreOptions = {}): IgnoreMatcher {
  requireRoot(root);
  return new IgnoreMatcher(root, options);
}

/**
 * Throws `source_unreadable` where `root` is not a folder that can be read: of what was in it nothing can be said then,
 * least of all that it is gone.
 */
export function requireRoot(root: string): void {
  try {
    readdirSync(root);
  } catch (error) {
    const why = rootProblems.get(errorCodeOf(error)) ?? `cannot be read (${errorCodeOf(error)})`;
    throw new ServiceError('source_unreadable', `${root} ${why}. Name a folder that holds code.`, { cause: error });
  }
}

const rootProblems: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'is not a folder'],
  ['EACCES', 'may not be read by this user'],
]);

/**
 * Walks the matcher's project, or one folder of it: files and skipped entries in order of path bytes, whatever the load of the machine,
 * then one `end`. No link is followed and nothing is opened but folders and ignore files. Throws when aborted.
 */
export async function* walk(matcher: IgnoreMatcher, options: WalkOptions = {}): AsyncGenerator<WalkEntry, void> {
  const total = { files: 0, skipped: 0, ignoredFiles: 0, ignoredFolders: 0 };
  const under = options.under ?? '';
  // Rules are read anew: they may have changed without anyone telling the matcher.
  matcher.forget(under);
  const lookahead = new Lookahead(matcher);
  /** What is still to come, the next last. */
  const stack: FolderListing['items'][number][] = [
    { kind: 'folder', path: byteStringOfName(under), ignored: matcher.ignores(under, true) },
  ];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (item.kind !== 'folder') {
      total[item.kind === 'file' ? 'files' : 'skipped']++;
      yield item;
      continue;
    }
    options.signal?.throwIfAborted();
    const listing = await lookahead.take(item);
    total.ignoredFiles += listing.ignoredFiles;
    total.ignoredFolders += listing.ignoredFolders;
    for (const next of listing.items.toReversed()) stack.push(next);
  }
  yield {
    kind: 'end',
    ...total,
    notices: [...matcher.notices(), ...(under === '' ? emptyNotice(matcher.root, total) : [])],
  };
}

/** Lists the next few folders of a depth-first walk before they are asked for. */
class Lookahead {
  readonly #matcher: IgnoreMatcher;
  readonly #started = new Map<SubFolder, Promise<FolderListing>>();
  /** Folders still to be taken, the next last. */
  readonly #waiting: SubFolder[] = [];

  constructor(matcher: IgnoreMatcher) {
    this.#matcher = matcher;
  }

  /** The listing of the next folder in depth-first order. */
  async take(folder: SubFolder): Promise<FolderListing> {
    const listing = await this.#start(folder);
    this.#started.delete(folder);
    this.#waiting.pop();
    for (const item of listing.items.toReversed()) if (item.kind === 'folder') this.#waiting.push(item);
    for (const next of this.#waiting.slice(-foldersAhead)) void this.#start(next);
    return listing;
  }

  #start(folder: SubFolder): Promise<FolderListing> {
    const known = this.#started.get(folder);
    if (known !== undefined) return known;
    const listing = listFolder(this.#matcher, folder);
    // A walk that is left early never awaits what it started; that must not end the process.
    listing.catch(() => undefined);
    this.#started.set(folder, listing);
    return listing;
  }
}

function emptyNotice(root: string, total: Omit<WalkEnd, 'kind' | 'notices'>): readonly string[] {
  if (total.files > 0) return [];
  const ignored = total.ignoredFiles + total.ignoredFolders;
  return [`No file of ${root} is left to index: ${ignored} ignored by rules, ${total.skipped} skipped.`];
}
