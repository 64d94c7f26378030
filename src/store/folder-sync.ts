import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Flushes a file or folder to the disk, so that it survives a power cut. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes a folder that another library writes durable and private: that library neither flushes nor restricts its files.
 * Remembers what it has seen, so that a call costs only what is new.
 */
export class FolderSync {
  readonly #folder: string;
  /** Inode, size and time of change by path. */
  #seen = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Flushes every file and folder that is new or changed since the last call, and sets its mode to 0600 or 0700. */
  async sync(): Promise<void> {
    const found = new Map<string, string>();
    await this.#syncFolder(this.#folder, found);
    this.#seen = found;
  }

  async #syncFolder(folder: string, found: Map<string, string>): Promise<void> {
    const names: string[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        await this.#syncFolder(path, found);
        names.push(entry.name);
      } else if (entry.isFile()) names.push(`${entry.name} ${await this.#syncFile(path, found)}`);
    }
    const listing = names.toSorted().join('\n');
    if (this.#seen.get(folder) !== listing) await flushPrivately(folder, 0o700);
    found.set(folder, listing);
  }

  /** Returns the file's inode number: another file of the same name is another entry of its folder. */
  async #syncFile(path: string, found: Map<string, string>): Promise<number> {
    const before = await stat(path);
    const state = `${before.ino} ${before.size} ${before.mtimeMs}`;
    if (this.#seen.get(path) !== state) await flushPrivately(path, 0o600);
    found.set(path, state);
    return before.ino;
  }
}

async function flushPrivately(path: string, mode: number): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
