import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A small text that outlives the process: written whole or not at all, readable by this user alone. */
export interface StateFile {
  /** Null when there is none yet. */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

/** The state kept in one file. `newId` names the file while it is written, so that two processes do not mix theirs. */
export function stateFile(path: string, newId: () => string): StateFile {
  return {
    async read() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(text) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const unfinished = `${path}.${newId()}`;
      await writeFile(unfinished, text, { mode: 0o600 });
      await rename(unfinished, path);
    },
  };
}
