import { posix } from 'node:path';
import type { CatalogueReader, SymbolHit } from '../../src/core/catalogue.ts';
import { foldName } from '../../src/text/fold-name.ts';
import { isStopWord } from '../../src/text/stop-words.ts';
import { isCodeLanguage, isCodePath, isForeignPath, isTestPath } from './code-path.ts';
import { paragraphsOf, splitSentences } from './sentences.ts';

/** A sentence of a document without the name in it, and the file that defines what it named. */
export interface Mention {
  readonly sentence: string;
  readonly path: string;
}

const minNameLength = 4;
/** Words that search would look for. */
const minWordsLeft = 4;
const minHanLeft = 5;
/** A name that so many definitions share says nothing. */
const maxDefinitions = 50;
const quoted = /`([^`\n]+)`/g;
const nameShape = /^[.\w/\u0080-\uffff][\w.:#$@/\u0080-\uffff-]*(?:\(\))?$/;
/** What stands out as a name without quotes: `parseHeader`, `parse_header`, `src/parse.ts`, `parse.ts`. */
const bareName =
  /(?<![\w./])(?:[\w.-]*\/[\w./-]*\w|[\w-]+\.[a-z]{1,5}(?!\w)|[A-Za-z]\w*(?:[a-z0-9][A-Z]|_[A-Za-z])\w*)(?:\(\))?/g;

/** The files and definitions of a project by name. */
export class ProjectNames {
  readonly #catalogue: CatalogueReader;
  readonly #byBaseName: ReadonlyMap<string, readonly string[]>;

  constructor(catalogue: CatalogueReader) {
    this.#catalogue = catalogue;
    const paths = catalogue
      .paths()
      .map(({ path }) => path)
      .filter((path) => !isForeignPath(path));
    this.#byBaseName = Map.groupBy(paths, (path) => posix.basename(path));
  }

  /** Files that a name may mean: a path, the end of one, or what defines an identifier; none for a foreign name. */
  filesOf(name: string): readonly string[] {
    const bare = name.replace(/\(\)$/, '').replace(/^\.\//, '');
    const files = this.#byBaseName.get(posix.basename(bare)) ?? [];
    const named = files.filter((path) => path === bare || path.endsWith(`/${bare}`));
    return named.length > 0 || bare.includes('/') ? named : this.#definingFiles(bare);
  }

  /** `Class.method` is the method of that class, else whatever the class is. */
  #definingFiles(name: string): readonly string[] {
    const parts = name.split(/[.:#]+/).filter((part) => part !== '');
    const last = parts.at(-1) ?? '';
    const owner = parts.at(-2);
    if (last.length < minNameLength) return [];
    const found = this.#catalogue.symbolsNamed([last], maxDefinitions).filter((symbol) => isNamed(symbol, last));
    const owned = found.filter(({ container }) => owner === undefined || container.split('.').at(-1) === owner);
    if (owned.length > 0) return [...new Set(owned.map(({ path }) => path))];
    return owner === undefined ? [] : this.#definingFiles(owner);
  }
}

function isNamed({ name, language, path }: SymbolHit, wanted: string): boolean {
  return name === wanted && isCodeLanguage(language) && !isForeignPath(path);
}

/**
 * Sentences of a Markdown document that name exactly one thing of the project, which exactly one code file defines. The
 * name is taken out: with it, finding the file would be a mere look-up.
 */
export function mentionsOf(document: string, names: ProjectNames): Mention[] {
  return paragraphsOf(document)
    .flatMap(rowsOf)
    .flatMap((paragraph) => mentionsIn(paragraph, names));
}

/** Each row of a table speaks for itself. */
function rowsOf(paragraph: string): readonly string[] {
  const text = paragraph.replace(/^[ \t]*[-=]{3,}[ \t]*$/gm, '').replace(/^[ \t]*(?:#+|>|\d+[.)]|[-*])[ \t]+/gm, '');
  if (!/^\s*\|/.test(text)) return [text];
  return text.split('\n').map((row) => row.replaceAll('|', ' '));
}

function mentionsIn(paragraph: string, names: ProjectNames): Mention[] {
  const inQuotes = [...paragraph.matchAll(quoted)]
    .map((match) => match[1] ?? '')
    .filter((name) => nameShape.test(name));
  return splitSentences(paragraph).flatMap((sentence) => {
    const written = new Set([
      ...inQuotes.filter((name) => nameIn(name).test(sentence)),
      ...[...sentence.matchAll(bareName)].map(([name]) => name),
    ]);
    const all = [...written]
      .map((name) => ({ name, files: names.filesOf(name) }))
      .filter(({ files }) => files.length > 0);
    // `Session.open` and `open` of one sentence are one name.
    const known = all.filter(({ name }) => !all.some((other) => other.name !== name && other.name.includes(name)));
    const [only] = known;
    const [path = '', another] = only?.files ?? [];
    if (only === undefined || known.length > 1 || another !== undefined || !isMeant(only.name, path)) return [];
    const left = withoutName(sentence, only.name);
    return tellsEnough(left) ? [{ sentence: left, path }] : [];
  });
}

/** A plain word in quotes (`never`) is more often a value than the one definition of that name; tests define no terms. */
function isMeant(name: string, path: string): boolean {
  return /[A-Z_./:#]|\(\)$/.test(name) && isCodePath(path) && !isTestPath(path);
}

/** Matches a name that is no part of a longer one. */
function nameIn(name: string): RegExp {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w/])${literal}(?![\\w/])`, 'g');
}

/** Other spellings go too: `chunk-characters` would give `chunkCharacters` away. */
function withoutName(sentence: string, name: string): string {
  const folded = foldName(name);
  return sentence
    .replace(nameIn(name), ' ')
    .replace(/[\w-]{4,}/g, (word) => (foldName(word) === folded ? ' ' : word))
    .replace(/\(\s*\)|\[\s*\]|(["'])\s*\1/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,.;:!?])/g, '')
    .replace(/^[\s,.;:–—-]+/, '')
    .trim();
}

function tellsEnough(sentence: string): boolean {
  const words = (sentence.match(/\p{L}{2,}/gu) ?? []).filter((word) => !isStopWord(word.toLowerCase())).length;
  const han = sentence.match(/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}]/gu)?.length ?? 0;
  return words >= minWordsLeft || han >= minHanLeft;
}
