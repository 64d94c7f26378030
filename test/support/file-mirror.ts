import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { nameOfByteString, pathBytesOf } from '../../indexer/walk/path-name.ts';

/** A file as text, a folder as what is in it. */
type Entry = string | Map<string, Entry>;

/** What is known of the files below a folder. It is brought up to date for the paths that it is told of, and no others. */
export class FileMirror {
  readonly #root: string;
  readonly #accepts: (path: string) => boolean;
  #known: Entry = new Map();

  /** `accepts` says which files and folders count. */
  constructor(root: string, accepts: (path: string) => boolean = () => true) {
    this.#root = root;
    this.#accepts = accepts;
  }

  /** Looks at a path, and at all that is or was below it; '' is everything. */
  refresh(path: string): void {
    if (path === '') {
      this.#known = this.#look('') ?? new Map();
      return;
    }
    const names = path.split('/');
    const last = names.pop()!;
    let folder = this.#known;
    const entry = this.#look(path);
    for (const name of names) {
      if (typeof folder === 'string') return;
      const next = folder.get(name);
      // A folder that is not known yet: it is told of by itself.
      if (next === undefined || typeof next === 'string') {
        if (entry === undefined) return;
        folder.set(name, new Map());
      }
      folder = folder.get(name)!;
    }
    if (typeof folder === 'string') return;
    if (entry === undefined) folder.delete(last);
    else folder.set(last, entry);
  }

  /** Where it differs from the disk now. */
  differences(): readonly string[] {
    return differencesOf('', this.#known, this.#look('') ?? new Map());
  }

  /** Number of files that are known. */
  get size(): number {
    return filesIn(this.#known);
  }

  #look(path: string): Entry | undefined {
    if (path !== '' && !this.#accepts(path)) return undefined;
    const absolute = path === '' ? this.#root : Buffer.concat([Buffer.from(`${this.#root}/`), pathBytesOf(path)]);
    try {
      const stat = lstatSync(absolute, { bigint: true });
      if (!stat.isDirectory()) return `${stat.mtimeNs} ${stat.isFile() ? readFileSync(absolute, 'latin1') : ''}`;
      const entries = readdirSync(absolute, { encoding: 'buffer', withFileTypes: true }) as Dirent<Buffer>[];
      const known = new Map<string, Entry>();
      for (const { name } of entries) {
        const shown = nameOfByteString(name.toString('latin1'));
        const entry = this.#look(path === '' ? shown : `${path}/${shown}`);
        if (entry !== undefined) known.set(shown, entry);
      }
      return known;
    } catch {
      // Gone meanwhile: whoever removed it is told of, too.
      return undefined;
    }
  }
}

/** Paths of files that differ. Empty folders do not count. */
function differencesOf(path: string, left: Entry | undefined, right: Entry | undefined): string[] {
  if (typeof left !== 'object' && typeof right !== 'object') return left === right ? [] : [path];
  if (typeof left === 'string' || typeof right === 'string') return [path];
  const names = new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])]);
  return [...names].flatMap((name) => {
    const below = path === '' ? name : `${path}/${name}`;
    return differencesOf(below, left?.get(name), right?.get(name));
  });
}

function filesIn(entry: Entry): number {
  return typeof entry === 'string' ? 1 : [...entry.values()].reduce((sum, below) => sum + filesIn(below), 0);
}
