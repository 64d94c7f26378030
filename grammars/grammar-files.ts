import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ServiceError } from '../src/core/errors.ts';
import type { LanguageRow, WasmSource } from './language-row.ts';

/** Query files of a language, in the order in which they are joined. */
const queryNames = ['chunks', 'symbols', 'references'] as const;
export type QueryName = (typeof queryNames)[number];

/** A language's compiled parser; from `wasm/` in the packed product, from its npm package in a checkout. */
export function readWasm(source: WasmSource): Uint8Array {
  const packed = new URL(`./${packedWasm(source)}`, import.meta.url);
  const installed = new URL(`../node_modules/${source.package}/${source.file}`, import.meta.url);
  return readPart(existsSync(packed) ? packed : installed);
}

/** A language's queries as one text, its own before those that it inherits. */
export function readQueries(row: LanguageRow, names: readonly QueryName[]): string {
  const files = queryFiles(row, names).map((path) => new URL(`./${path}`, import.meta.url));
  return files.map((file) => readPart(file).toString('utf8')).join('\n');
}

/** Paths of a language's query files, relative to this folder. */
export function queryFiles(row: LanguageRow, names: readonly QueryName[] = queryNames): string[] {
  const folders = row.inherits ? [row.name, row.inherits] : [row.name];
  return folders.flatMap((folder) => names.map((name) => `${folder}/${name}.scm`));
}

/** Where the packed product keeps a compiled parser, relative to this folder. */
function packedWasm(source: WasmSource): string {
  return `wasm/${basename(source.file)}`;
}

function readPart(file: URL): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ServiceError('internal', `Cannot read ${file.pathname}, a part of Lorekeep: install it again.`, {
      cause,
    });
  }
}
