/** More than this is a flood: then only a comparison of all files is sure to find what changed. */
const mostPaths = 10_000;

/** Files that are known to have changed and are not recorded yet, the oldest first. */
export class PendingPaths {
  /** When each was noted, in milliseconds. A path that waits keeps its first time. */
  readonly #waiting = new Map<string, number>();
  /** Those that are being looked at. */
  #taken: ReadonlyMap<string, number> = new Map();

  /** Notes changes seen at a time; false when there are too many to remember, and those that waited are forgotten. */
  note(paths: readonly string[], at: number): boolean {
    for (const path of paths) {
      if (!this.#waiting.has(path)) this.#waiting.set(path, at);
    }
    if (this.#waiting.size <= mostPaths) return true;
    this.#waiting.clear();
    return false;
  }

  /** Takes the oldest, to look at them. One that is noted meanwhile waits again: it may have changed after the look. */
  take(most: number): readonly string[] {
    this.#taken = new Map(Array.from(this.#waiting).slice(0, most));
    for (const path of this.#taken.keys()) this.#waiting.delete(path);
    return [...this.#taken.keys()];
  }

  /** What was taken is recorded. */
  done(): void {
    this.#taken = new Map();
  }

  /** What was taken could not be recorded: it waits again, as long as before. */
  giveBack(): void {
    const since = new Map([...this.#waiting, ...this.#taken]);
    this.#waiting.clear();
    for (const [path, at] of [...since].sort(([, one], [, other]) => one - other)) this.#waiting.set(path, at);
    this.#taken = new Map();
  }

  /** Whether there is something to take. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Files that wait or are being looked at. */
  get count(): number {
    return new Set([...this.#waiting.keys(), ...this.#taken.keys()]).size;
  }

  /** When the oldest of them was noted, null when there is none. */
  get since(): number | null {
    let oldest = Infinity;
    for (const at of this.#waiting.values()) oldest = Math.min(oldest, at);
    for (const at of this.#taken.values()) oldest = Math.min(oldest, at);
    return oldest === Infinity ? null : oldest;
  }
}
