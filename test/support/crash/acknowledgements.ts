/** Content of files by path: their hash, null for none. */
export type FileHashes = Readonly<Record<string, string | null>>;

/** A line that the writing process says. */
export type WriterLine =
  | { readonly ready: true }
  /** About to be recorded in an index, by its number. */
  | { readonly index: number; readonly intent: FileHashes }
  /** Recorded: from now on nothing may lose it. */
  | { readonly index: number; readonly done: FileHashes }
  | { readonly index: number; readonly begun: true }
  | { readonly index: number; readonly publishing: true }
  | { readonly index: number; readonly published: true }
  /** A run has reached its end. */
  | { readonly repaired: number; readonly parsed: number }
  /** How often each step was passed. */
  | { readonly steps: readonly (readonly [string, number])[] };

/** What the writer has said of one index. */
interface IndexHistory {
  /** Last acknowledged content by path. */
  readonly done: Map<string, string | null>;
  /** What was about to be recorded and may or may not have been. */
  readonly open: Map<string, Set<string | null>>;
}

/** Keeps what was acknowledged, to tell whether an index still has it. */
export class Acknowledgements {
  readonly #indexes = new Map<number, IndexHistory>();
  /** Number of the index in use as last acknowledged, and of the one that is perhaps in use. */
  #published = 0;
  #publishing = 0;
  repaired = 0;
  runs = 0;

  /** How many files are acknowledged, in all indexes together. */
  get total(): number {
    return [...this.#indexes.values()].reduce((sum, { done }) => sum + done.size, 0);
  }

  /** Takes in a line. */
  take(line: WriterLine): void {
    if ('intent' in line) this.#intend(line.index, line.intent);
    else if ('done' in line) this.#acknowledge(line.index, line.done);
    else if ('begun' in line) this.#indexes.delete(line.index);
    else if ('publishing' in line) this.#publishing = line.index;
    else if ('published' in line) this.#published = line.index;
    else if ('repaired' in line) {
      this.repaired += line.repaired;
      this.runs++;
    }
  }

  /** Sentences about what an index has lost or should not have; `hashOf` tells what it has now. Afterwards that counts. */
  problems(index: number, hashOf: (path: string) => string | null): string[] {
    const problems: string[] = [];
    const allowed = new Set([this.#published, this.#publishing]);
    if (this.#published > 0 && !allowed.has(index))
      problems.push(`Index ${index} is in use instead of ${this.#published}.`);
    const { done, open } = this.#of(index);
    for (const path of new Set([...done.keys(), ...open.keys()])) {
      const found = hashOf(path);
      const expected = done.get(path) ?? null;
      if (found !== expected && !open.get(path)?.has(found)) {
        problems.push(`${path} in index ${index}: acknowledged ${expected}, found ${found}.`);
      }
      done.set(path, found);
    }
    open.clear();
    this.#published = index;
    return problems;
  }

  #intend(index: number, files: FileHashes): void {
    const { open } = this.#of(index);
    for (const [path, hash] of Object.entries(files)) open.set(path, (open.get(path) ?? new Set()).add(hash));
  }

  #acknowledge(index: number, files: FileHashes): void {
    const { done, open } = this.#of(index);
    for (const [path, hash] of Object.entries(files)) {
      done.set(path, hash);
      open.delete(path);
    }
  }

  #of(index: number): IndexHistory {
    const known = this.#indexes.get(index);
    if (known) return known;
    const made: IndexHistory = { done: new Map(), open: new Map() };
    this.#indexes.set(index, made);
    return made;
  }
}
