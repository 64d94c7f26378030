import type { WasmSource } from './language-row.ts';

/** A parser from the package with the broadest choice of grammars. */
export function cursorless(name: string, abi: number): WasmSource {
  return { package: '@cursorless/tree-sitter-wasms', file: `out/tree-sitter-${name}.wasm`, version: '0.7.0', abi };
}

/** A parser from the editor's own package: fewer grammars, newer ones. */
export function vscode(name: string, abi: number): WasmSource {
  return { package: '@vscode/tree-sitter-wasm', file: `wasm/tree-sitter-${name}.wasm`, version: '0.3.1', abi };
}

/** A parser from a package that follows the official grammars closely. */
export function repomix(name: string, abi: number): WasmSource {
  return { package: '@repomix/tree-sitter-wasms', file: `out/tree-sitter-${name}.wasm`, version: '0.1.17', abi };
}
