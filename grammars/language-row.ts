/** Where a grammar's compiled parser comes from. */
export interface WasmSource {
  /** npm package that carries the file. */
  readonly package: string;
  /** Path inside that package, with `/`. */
  readonly file: string;
  /** Exact version of the package. */
  readonly version: string;
  /** Tree-sitter ABI of the file. */
  readonly abi: number;
}

/** One language: how its files are recognised and what parses them. Its queries lie in the folder of its name. */
export interface LanguageRow {
  /** Lower-case name, also the name of the folder with its queries. */
  readonly name: string;
  /** Endings of file names, with the dot, in lower case. */
  readonly extensions: readonly string[];
  /** Whole file names, in lower case. */
  readonly fileNames?: readonly string[];
  /** Programs in a shebang line, without version numbers (`python`, not `python3`). */
  readonly interpreters?: readonly string[];
  /** Further mode names of vim and emacs modelines; the language's own name always counts. */
  readonly modelines?: readonly string[];
  /** Data rather than code: a smaller size limit applies. */
  readonly data?: true;
  /** A document: its units are sections, not definitions. Data are documents too. */
  readonly document?: true;
  /** Has `#if … #else … #endif`: a file that does not parse as it stands is read with the first branch of each. */
  readonly conditionals?: true;
  /** Parser steps that a kilobyte of honest code may take, where it takes more than other languages do. */
  readonly workPerKb?: number;
  /** Language whose queries hold here too, after its own: the grammar extends that one. */
  readonly inherits?: string;
  /** Null where no parser is to be had: such files are chunked by lines. */
  readonly wasm: WasmSource | null;
}
