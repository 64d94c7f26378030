/** Paths, each with all that lies below it. */
export class PathSet {
  readonly #paths = new Set<string>();

  /** '' stands for everything. */
  add(path: string): void {
    this.#paths.add(path);
  }

  /** True when the path or a folder above it was added. */
  has(path: string): boolean {
    if (this.#paths.size === 0) return false;
    for (let at = path; ; at = parentOf(at)) {
      if (this.#paths.has(at)) return true;
      if (at === '') return false;
    }
  }
}

/** The folder of a path, '' for the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
