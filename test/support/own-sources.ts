import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { termsOf } from './terms-of.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const linesPerPiece = 12;

/** A file of this project, cut into pieces of a few lines. */
export interface OwnSource {
  readonly path: string;
  readonly pieces: readonly string[];
}

/** This project's own sources, in the order of their paths. */
export function ownSources(): readonly OwnSource[] {
  const paths = globSync('{src,indexer,grammars}/**/*.ts', { cwd: root }).toSorted();
  return paths.map((path) => ({ path, pieces: piecesOf(readFileSync(join(root, path), 'utf8')) }));
}

/** The search terms of a piece. */
export function pieceTerms(path: string, text: string): string {
  return termsOf({ path, text, name: '', context: [] });
}

function piecesOf(text: string): string[] {
  const lines = text.split('\n');
  const starts = Array.from({ length: Math.ceil(lines.length / linesPerPiece) }, (_, i) => i * linesPerPiece);
  return starts.map((start) => lines.slice(start, start + linesPerPiece).join('\n'));
}
