import type { CatalogueReader } from '../core/catalogue.ts';
import type { Retriever, SearchRequest } from '../core/retrieval.ts';
import type { SearchReport } from './reports.ts';

/** A project that is open for reading. */
export interface ReadableProject {
  readonly name: string;
  readonly catalogue: CatalogueReader;
}

export interface SearchParts {
  readonly projects: readonly ReadableProject[];
  readonly retriever: Retriever;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
}

/** Searches projects together, best hits of all first. */
export async function search(parts: SearchParts, request: SearchRequest, signal?: AbortSignal): Promise<SearchReport> {
  const startedAt = parts.now();
  const result = await parts.retriever.search(request, signal);
  return {
    ...result,
    notices: [...indexNotices(parts.projects, request.language), ...result.notices],
    projects: parts.projects.map(({ name }) => name),
    elapsedMs: Math.round(parts.now() - startedAt),
  };
}

/** What a reader of an index must know of its state: an unfinished run, a language that no file has. */
export function indexNotices(projects: readonly ReadableProject[], language?: string): string[] {
  const unfinished = projects
    .filter(({ catalogue }) => catalogue.lastCompletedRun() === null)
    .map(({ name }) => `The index of ${name} is not complete; \`lorekeep index --project ${name}\` finishes it.`);
  if (language === undefined) return unfinished;
  const languages = new Set(
    projects.flatMap(({ catalogue }) => catalogue.totals().languages.map((entry) => entry.language)),
  );
  if (languages.has(language)) return unfinished;
  return [...unfinished, `No indexed file is in "${language}". There are: ${[...languages].sort().join(', ')}.`];
}
