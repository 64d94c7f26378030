import { setImmediate } from 'node:timers/promises';
import { openIndexForWriting, type WritableIndex } from '../../src/store/index-folder.ts';
import { indexedFile } from './indexed-file.ts';
import { randomFrom } from './random-from.ts';

/** There are at most so many files, each with so many chunks, all of which have the word `common`. */
export const churned = { files: 20, chunks: 5 };

/** How likely a batch goes to the store after a change, and after how many of them that is tidied up. */
const batchShare = 0.5;
const batchesPerTidying = 12;

/** Writes an index until standard input ends: changes, adds and removes files, brings them to the store in small batches, tidies up. */
export async function churn(folder: string, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const index = await openIndexForWriting(folder, null);
  const project = new ChurnedProject(index, random);
  let batches = 0;
  let isOver = false;
  process.stdin.once('end', () => (isOver = true)).resume();
  process.stdout.write('ready\n');
  while (!isOver) {
    project.change();
    const batch = random() < batchShare ? index.writer.nextBatch(churned.chunks * 3) : null;
    if (batch !== null) {
      const written = index.store.write(batch);
      // A change while a batch is on its way.
      if (random() < 0.3) project.change();
      await written;
      index.writer.stored(batch);
      if (++batches % batchesPerTidying === 0) await index.store.optimize();
    }
    await setImmediate();
  }
  await index.close();
  process.stdout.write(`${JSON.stringify({ changes: project.changes, batches })}\n`);
}

class ChurnedProject {
  readonly #index: WritableIndex;
  readonly #random: () => number;
  /** Oldest first. */
  readonly #paths: string[] = [];
  changes = 0;

  constructor(index: WritableIndex, random: () => number) {
    this.#index = index;
    this.#random = random;
    for (let file = 0; file < churned.files / 2; file++) this.#record(this.#newPath());
  }

  /** Adds a file, changes one, or removes the oldest ones when there are many. */
  change(): void {
    if (this.#paths.length === churned.files) this.#index.writer.remove(this.#paths.splice(0, churned.files / 2));
    const old = this.#paths[Math.floor(this.#random() * this.#paths.length)];
    this.#record(this.#random() < 0.5 && old !== undefined ? old : this.#newPath());
  }

  #newPath(): string {
    const path = `src/file${this.changes}.ts`;
    this.#paths.push(path);
    return path;
  }

  #record(path: string): void {
    const change = ++this.changes;
    const lines = Array.from({ length: churned.chunks }, (_, i) => `common ${path} change${change} chunk${i}`);
    this.#index.writer.record([indexedFile(path, lines)]);
  }
}
