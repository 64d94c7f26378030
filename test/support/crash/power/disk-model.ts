import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Random } from '../crash-world.ts';
import type { DiskCall } from './disk-call.ts';

interface FileNode {
  readonly kind: 'file';
  bytes: Buffer;
  /** What a power cut cannot take. */
  synced: Buffer;
}

interface FolderNode {
  readonly kind: 'folder';
  entries: ReadonlyMap<string, FileNode | FolderNode>;
  synced: ReadonlyMap<string, FileNode | FolderNode>;
  /** Listings since the last flush, each with the number of the call that made it. */
  changes: { readonly call: number; readonly entries: ReadonlyMap<string, FileNode | FolderNode> }[];
}

/** How much of what was not flushed a power cut takes. */
export interface Cut {
  /** Listings that were changed by this call or an earlier one are on the disk. */
  readonly listingsUntil: number;
  /** `all`: bytes that were not flushed are gone; `some`: some, others are zeros or cut off. */
  readonly takes: 'all' | 'some';
}

/**
 * A disk that loses what was not flushed. As POSIX has it: flushing a file keeps its bytes and not its name, flushing a
 * folder keeps the names in it. Renames within a folder happen wholly or not at all.
 */
export class DiskModel {
  readonly #folder: string;
  readonly #root: FolderNode = newFolder();
  readonly #offsets = new Map<number, number>();
  #calls = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get calls(): number {
    return this.#calls;
  }

  apply(call: DiskCall): void {
    this.#calls++;
    switch (call.call) {
      case 'open':
        this.#open(call);
        break;
      case 'seek':
        this.#offsets.set(call.fd, call.at);
        break;
      case 'write':
        this.#write(call);
        break;
      case 'truncate': {
        const file = this.#file(call.path);
        if (file !== null) file.bytes = resized(file.bytes, call.length);
        break;
      }
      case 'sync':
        this.#sync(call.path);
        break;
      case 'mkdir':
        this.#change(call.path, (entries, name) => entries.set(name, newFolder()));
        break;
      case 'remove':
        this.#change(call.path, (entries, name) => entries.delete(name));
        break;
      case 'link':
      case 'rename':
        this.#move(call);
        break;
    }
  }

  /** Writes what is on the disk after a cut into a new folder; `isWhole` says of a path that nothing of it is lost. */
  writeAfter(
    cut: Cut,
    { to, random, isWhole }: { to: string; random: Random; isWhole: (path: string) => boolean },
  ): void {
    const write = (folder: FolderNode, path: string): void => {
      mkdirSync(join(to, path), { recursive: true });
      for (const [name, node] of listingAfter(folder, isWhole(path) ? Infinity : cut.listingsUntil)) {
        const inner = join(path, name);
        if (node.kind === 'folder') write(node, inner);
        // Shared memory that SQLite makes anew.
        else if (!name.endsWith('-shm'))
          writeFileSync(join(to, inner), isWhole(inner) ? node.bytes : bytesAfter(node, cut, random));
      }
    };
    write(this.#root, '');
  }

  #open({ path, fd, creates, truncates }: DiskCall & { call: 'open' }): void {
    this.#offsets.set(fd, 0);
    if (creates && this.#node(path) === null) this.#change(path, (entries, name) => entries.set(name, newFile()));
    const file = truncates ? this.#file(path) : null;
    if (file !== null) file.bytes = Buffer.alloc(0);
  }

  #write({ path, fd, at, bytes }: DiskCall & { call: 'write' }): void {
    const file = this.#file(path);
    const start = at ?? this.#offsets.get(fd) ?? 0;
    if (at === null) this.#offsets.set(fd, start + bytes.length);
    if (file === null) return;
    const grown = resized(file.bytes, Math.max(file.bytes.length, start + bytes.length));
    bytes.copy(grown, start);
    file.bytes = grown;
  }

  #sync(path: string): void {
    const node = this.#node(path);
    if (node === null) return;
    if (node.kind === 'file') node.synced = node.bytes;
    else {
      node.synced = node.entries;
      node.changes = [];
    }
  }

  #move({ call, from, to }: DiskCall & { call: 'link' | 'rename' }): void {
    const node = this.#node(from);
    if (node === null) return;
    const isOneFolder = dirname(from) === dirname(to);
    this.#change(to, (entries, name) => {
      entries.set(name, node);
      if (call === 'rename' && isOneFolder) entries.delete(basename(from));
    });
    if (call === 'rename' && !isOneFolder) this.#change(from, (entries, name) => entries.delete(name));
  }

  #change(path: string, change: (entries: Map<string, FileNode | FolderNode>, name: string) => void): void {
    const folder = this.#node(dirname(path));
    if (folder?.kind !== 'folder') throw new Error(`${path} is in no folder that is known.`);
    const entries = new Map(folder.entries);
    change(entries, basename(path));
    folder.entries = entries;
    folder.changes.push({ call: this.#calls, entries });
  }

  #file(path: string): FileNode | null {
    const node = this.#node(path);
    return node?.kind === 'file' ? node : null;
  }

  #node(path: string): FileNode | FolderNode | null {
    let node: FileNode | FolderNode | undefined = this.#root;
    for (const name of relative(this.#folder, path)
      .split('/')
      .filter((part) => part !== '')) {
      node = node?.kind === 'folder' ? node.entries.get(name) : undefined;
    }
    return node ?? null;
  }
}

function newFolder(): FolderNode {
  return { kind: 'folder', entries: new Map(), synced: new Map(), changes: [] };
}

function newFile(): FileNode {
  return { kind: 'file', bytes: Buffer.alloc(0), synced: Buffer.alloc(0) };
}

/** Always a copy: what was flushed keeps its own. */
function resized(bytes: Buffer, length: number): Buffer {
  const grown = Buffer.alloc(length);
  bytes.copy(grown);
  return grown;
}

function listingAfter(
  { synced, changes, entries }: FolderNode,
  until: number,
): ReadonlyMap<string, FileNode | FolderNode> {
  if (until === Infinity) return entries;
  return changes.findLast(({ call }) => call <= until)?.entries ?? synced;
}

/** Disks write so many bytes at once. */
const blockBytes = 4096;

/**
 * What may be left of a file: what was flushed, all of it, or some of its blocks, each as it was flushed or as it was written
 * since. Where it has grown, blocks may be zeros, or the end be missing.
 */
function bytesAfter({ bytes, synced }: FileNode, { takes }: Cut, random: Random): Buffer {
  if (bytes.equals(synced) || takes === 'all') return synced;
  const kind = random.below(4);
  if (kind === 0) return synced;
  if (kind === 1) return bytes;
  const mixed = someBlocks(bytes, synced, random);
  const kept = Math.min(synced.length, bytes.length) + random.below(Math.max(1, bytes.length - synced.length + 1));
  return kind === 2 ? mixed : bytes.subarray(0, kept);
}

function someBlocks(bytes: Buffer, synced: Buffer, random: Random): Buffer {
  const mixed = resized(synced, bytes.length);
  for (let at = 0; at < bytes.length; at += blockBytes) {
    if (random.below(2) === 0) bytes.copy(mixed, at, at, at + blockBytes);
  }
  return mixed;
}
