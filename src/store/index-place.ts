import { type Dirent, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from './folder-sync.ts';

/** The file of an index folder that says which of its numbered folders is the index. */
const pointerName = 'current';

/** Number of the folder that is the index now, null where there is none. */
export function currentNumber(folder: string): number | null {
  try {
    const number = Number(readFileSync(join(folder, pointerName), 'utf8'));
    return Number.isSafeInteger(number) && number > 0 ? number : null;
  } catch {
    return null;
  }
}

/** Makes a numbered folder the index: at one instant, and so that it survives a power cut. */
export async function setCurrent(folder: string, number: number): Promise<void> {
  const pointer = join(folder, pointerName);
  const handle = await open(`${pointer}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${number}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${pointer}.new`, pointer);
  await syncPath(folder);
}

/** From now on there is no index. */
export function forgetCurrent(folder: string): void {
  rmSync(join(folder, pointerName), { force: true });
}

/** Bytes of all files of an index, 0 where there is none. */
export function indexBytes(folder: string): number {
  let bytes = 0;
  for (const entry of entries(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += indexBytes(path);
    else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/**
 * Deletes the numbered folders of old indexes and unfinished new ones. A reader that opens an old one at that moment makes
 * files in it: what is left then goes the next time.
 */
export function removeOthers(folder: string, kept: number | null): void {
  for (const { name } of entries(folder)) {
    if (/^\d+$/.test(name) && Number(name) !== kept) removeFolder(join(folder, name));
  }
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
