import { readFileSync } from 'node:fs';

/** A line of a question file; more fields may be there. */
export interface LabelledQuery {
  readonly query: string;
  /** Folder of the repository below `--repos`. */
  readonly repo?: string;
  /** Folder below the repository that is indexed, '' for all of it. */
  readonly root?: string;
  /** Files that answer it, below the repository. */
  readonly relevant?: readonly { readonly path: string }[];
}

/** Reads one question per line. */
export function readQueries(path: string): LabelledQuery[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as LabelledQuery);
}
