import { Parser, Query, type Language, type Tree } from 'web-tree-sitter';
import { sha256 } from '../src/core/hash.ts';
import { firstBranches } from './conditional-branches.ts';
import { languageRow } from './detect.ts';
import { readQueries, readWasm } from './grammar-files.ts';
import type { LanguageRow, WasmSource } from './language-row.ts';
import { OutlineReader } from './outline.ts';
import { isLost, isNestedTooDeep } from './parse-guard.ts';
import { loadLanguage } from './parser-runtime.ts';
import type { Outline, ParseOutcome, SyntaxTree } from './syntax-tree.ts';

/** Raised when the same tree is read in another way: files parsed before are then parsed anew. */
const readerVersion = 1;
/** Parser steps that any text may take. Counting work instead of time gives the same outcome on every machine. */
const baseWork = 1000;
const workPerKb = 20;
/** Patterns in progress at a time; real code stays far below. Beyond it the query forgets the oldest. */
const matchLimit = 4096;

/** A language's parser with its queries, for the thread that loaded it. */
export interface Grammar {
  readonly language: string;
  /** Changes when the parser, the queries or their reading change. */
  readonly version: string;
  /** Parses a text within an amount of work that its length sets. Never throws. */
  parse(text: string, options?: ParseOptions): ParseOutcome;
}

/** What to look for in a text beside chunks and symbols. */
export interface ParseOptions {
  /** References too. They are many and an index does not store them, so they are found only on demand. */
  readonly references?: boolean;
}

/** Query files for an index, and all that there are. */
const outlineQueries = ['chunks', 'symbols'] as const;
const allQueries = [...outlineQueries, 'references'] as const;

/** A compiled query with the reader of its captures. */
interface CompiledQuery {
  readonly query: Query;
  readonly reader: OutlineReader;
}

const grammars = new Map<string, Promise<Grammar | null>>();

/** The grammar of a language, loaded once per thread; null for an unknown language or one without a parser. */
export function loadGrammar(language: string): Promise<Grammar | null> {
  let grammar = grammars.get(language);
  if (grammar === undefined) {
    grammar = openGrammar(language);
    grammars.set(language, grammar);
  }
  return grammar;
}

async function openGrammar(language: string): Promise<Grammar | null> {
  const row = languageRow(language);
  if (!row?.wasm) return null;
  return new TreeSitterGrammar(row, await loadLanguage(readWasm(row.wasm)));
}

/** What `Grammar.version` of a language is, without loading it; '' without a parser. */
export function grammarVersion(language: string): string {
  const row = languageRow(language);
  return row?.wasm ? versionOf(row.wasm, readQueries(row, outlineQueries)) : '';
}

function versionOf(source: WasmSource, queries: string): string {
  return `${source.package}@${source.version}/${sha256(`${readerVersion}\n${queries}`).slice(0, 16)}`;
}

class TreeSitterGrammar implements Grammar {
  readonly language: string;
  readonly version: string;
  readonly #row: LanguageRow;
  readonly #language: Language;
  readonly #parser: Parser;
  readonly #outlineQuery: CompiledQuery;
  /** Made when first needed. */
  #fullQuery: CompiledQuery | null = null;
  #errorQuery: Query | null = null;

  constructor(row: LanguageRow, language: Language) {
    this.language = row.name;
    this.version = grammarVersion(row.name);
    this.#row = row;
    this.#language = language;
    this.#parser = new Parser().setLanguage(language);
    this.#outlineQuery = compile(language, readQueries(row, outlineQueries));
  }

  parse(text: string, { references = false }: ParseOptions = {}): ParseOutcome {
    if (isNestedTooDeep(text)) return { failed: 'parse_budget' };
    let tree: Tree | null = null;
    try {
      tree = this.#parseBest(text);
      const outline = tree && !isLost(tree) ? this.#outlineOf(tree, text, references) : null;
      if (tree && outline) return { tree: closable(tree, outline, this.#row) };
      tree?.delete();
      return { failed: 'parse_budget' };
    } catch {
      // A trap inside the parser: what it says helps nobody.
      tree?.delete();
      return { failed: 'parser_failed' };
    }
  }

  /** The tree with the fewest characters in error; null when the work was not done within the budget. */
  #parseBest(text: string): Tree | null {
    const whole = this.#parseOnce(text);
    if (!this.#row.conditionals || !whole?.rootNode.hasError) return whole;
    const branches = firstBranches(text);
    const partial = branches === null ? null : this.#parseOnce(branches);
    if (partial === null) return whole;
    const [worse, better] = this.#errorsIn(partial) < this.#errorsIn(whole) ? [whole, partial] : [partial, whole];
    worse.delete();
    return better;
  }

  #parseOnce(text: string): Tree | null {
    const tree = this.#parser.parse(text, null, { progressCallback: this.#budget(text) });
    // Otherwise the next text would be read as the rest of this one.
    if (tree === null) this.#parser.reset();
    return tree;
  }

  #outlineOf(tree: Tree, text: string, references: boolean): Outline | null {
    const { query, reader } = references ? this.#withReferences() : this.#outlineQuery;
    const budget = this.#budget(text);
    let spent = false;
    const progressCallback = (): boolean => (spent ||= budget());
    const matches = query.matches(tree.rootNode, { matchLimit, progressCallback });
    return spent ? null : reader.read(matches, text);
  }

  #withReferences(): CompiledQuery {
    this.#fullQuery ??= compile(this.#language, readQueries(this.#row, allQueries));
    return this.#fullQuery;
  }

  /** Answers true when the work that a text of this size may take is done. */
  #budget(text: string): () => boolean {
    let left = baseWork + ((this.#row.workPerKb ?? workPerKb) * text.length) / 1000;
    return () => --left < 0;
  }

  /** Characters that the parser could not make sense of. */
  #errorsIn(tree: Tree): number {
    if (isLost(tree)) return Infinity;
    this.#errorQuery ??= new Query(this.#language, '(ERROR) @error');
    const captures = this.#errorQuery.captures(tree.rootNode, { matchLimit });
    return captures.reduce((sum, { node }) => sum + node.endIndex - node.startIndex, 0);
  }
}

function compile(language: Language, queries: string): CompiledQuery {
  const query = new Query(language, queries);
  return { query, reader: new OutlineReader(query.captureNames) };
}

function closable(tree: Tree, outline: Outline, row: LanguageRow): SyntaxTree {
  const document = row.document ?? row.data ?? false;
  return { ...outline, root: tree.rootNode, document, close: () => tree.delete() };
}
