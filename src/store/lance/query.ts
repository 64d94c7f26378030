import type { QueryTerm, StoreFilter } from '../../core/vector-store.ts';

/** Terms that can match something: one token each, with a positive weight; weights of repeated terms add up. */
export function searchableTerms(terms: readonly QueryTerm[]): readonly QueryTerm[] {
  const weights = new Map<string, number>();
  for (const { term, weight } of terms) {
    if (term === '' || /\s/.test(term) || !(weight > 0)) continue;
    weights.set(term, (weights.get(term) ?? 0) + weight);
  }
  return [...weights].map(([term, weight]) => ({ term, weight }));
}

/** The filter as an SQL predicate, undefined when it narrows nothing. */
export function filterPredicate(filter: StoreFilter | undefined): string | undefined {
  const parts: string[] = [];
  if (filter?.languages) parts.push(inList('language', filter.languages.map(quoted)));
  if (filter?.files) parts.push(fileList(filter.files));
  return parts.length === 0 ? undefined : parts.join(' AND ');
}

/** Rows of generations older than the ones given, at most `perPredicate` files to a predicate. */
export function olderPredicates(
  files: readonly { readonly file: number; readonly generation: number }[],
  perPredicate: number,
): string[] {
  const predicates: string[] = [];
  for (let start = 0; start < files.length; start += perPredicate) {
    const part = files.slice(start, start + perPredicate);
    predicates.push(part.map(({ file, generation }) => `(file = ${file} AND generation < ${generation})`).join(' OR '));
  }
  return predicates;
}

/** Files of one folder have numbers in a row, so ranges keep the predicate of a glob short. */
function fileList(files: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const file of [...new Set(files)].sort((left, right) => left - right)) {
    const range = ranges.at(-1);
    if (range && range.last + 1 === file) range.last = file;
    else ranges.push({ first: file, last: file });
  }
  const single = ranges.filter(({ first, last }) => first === last).map(({ first }) => String(first));
  const long = ranges.filter(({ first, last }) => first < last);
  const parts = long.map(({ first, last }) => `(file >= ${first} AND file <= ${last})`);
  if (single.length > 0 || parts.length === 0) parts.push(inList('file', single));
  return `(${parts.join(' OR ')})`;
}

/** SQL has no empty list. */
function inList(column: string, values: readonly string[]): string {
  return values.length === 0 ? 'false' : `${column} IN (${values.join(', ')})`;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
