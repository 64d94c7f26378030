import type { CatalogueReader } from '../../core/catalogue.ts';
import { splitIdentifier } from '../../text/words.ts';
import type { KnownWords } from './message-words.ts';

/** Answers that are kept, at most; a message asks some twenty. */
const remembered = 20_000;
/** The words that begin with fewer letters are too many to read. */
const minPathWord = 3;
/** Shorter names are words of the trade. */
const minName = 3;
/** More definitions that two words name together are a common idea. */
const maxNamedTogether = 20;

/** What the catalogue of a project knows of words, remembered until the catalogue changes. */
export class ProjectWords implements KnownWords {
  readonly #catalogue: CatalogueReader;
  #revision = -1;
  readonly #answers = new Map<string, boolean>();
  #files: ReadonlyMap<string, readonly string[]> | null = null;

  constructor(catalogue: CatalogueReader) {
    this.#catalogue = catalogue;
  }

  /** Forgets what may no longer hold. To be called before a message is read. */
  refresh(): void {
    const revision = this.#catalogue.revision();
    if (revision === this.#revision && this.#answers.size < remembered) return;
    this.#revision = revision;
    this.#answers.clear();
    this.#files = null;
  }

  defines(name: string, most: number): boolean {
    if (name.length < minName) return false;
    return this.#remember(`${most} ${name}`, () => {
      const found = this.#catalogue.symbolsNamed([name], most + 1);
      // Ruby and Elixir end some names with a mark that prose leaves out.
      return found.length <= most && found.some((symbol) => symbol.name.replace(/[!?]$/, '') === name);
    });
  }

  mentions(word: string): boolean {
    return this.#remember(word, () => this.#catalogue.symbolsNamed([word], 1).length > 0 || this.inPaths(word));
  }

  inPaths(word: string): boolean {
    return this.#remember(`/${word}`, () => {
      const parts = splitIdentifier(word);
      return parts.length > 0 && parts.every((part) => part.length >= minPathWord && this.#hasPathWord(part));
    });
  }

  namesTogether(words: readonly string[]): boolean {
    return this.#remember(words.join(' '), () => {
      const found = this.#catalogue.symbolsNamed([words.join('')], maxNamedTogether + 1);
      return found.length > 0 && found.length <= maxNamedTogether;
    });
  }

  /** Paths that end with one of `parts`: whole names, lower case. */
  filesNamed(parts: readonly string[]): string[] {
    if (parts.length === 0) return [];
    this.#files ??= Map.groupBy(
      this.#catalogue.paths().map(({ path }) => path),
      (path) => path.slice(path.lastIndexOf('/') + 1).toLowerCase(),
    );
    const files = this.#files;
    const asked = parts.map((part) => part.replace(/^[./]+/, ''));
    const named = asked.flatMap((part) =>
      (files.get(part.slice(part.lastIndexOf('/') + 1)) ?? []).filter((path) =>
        `/${path.toLowerCase()}`.endsWith(`/${part}`),
      ),
    );
    return [...new Set(named)];
  }

  #hasPathWord(word: string): boolean {
    return this.#catalogue.pathWordCounts([word]).some((found) => found.word === word);
  }

  #remember(key: string, find: () => boolean): boolean {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const found = find();
    this.#answers.set(key, found);
    return found;
  }
}
