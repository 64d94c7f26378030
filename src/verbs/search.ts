import type { Retriever, SearchRequest } from '../core/retrieval.ts';
import type { SearchReport } from './reports.ts';
import type { CheckedProject } from './verify/checked-project.ts';
import { packChecked } from './verify/pack-checked.ts';
import { RequestCheck } from './verify/request-check.ts';

export interface SearchParts {
  readonly projects: readonly CheckedProject[];
  readonly retriever: Retriever;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
  /** Told of files that were looked at and differ from the index. */
  readonly onChanged?: (project: string, paths: readonly string[]) => void;
}

/** So many hits more than asked for are found, to stand in for those whose code is gone. */
const spareHits = 10;

/** Searches projects together, best hits of all first, each as its file is now. */
export async function search(parts: SearchParts, request: SearchRequest, signal?: AbortSignal): Promise<SearchReport> {
  const startedAt = parts.now();
  const result = await parts.retriever.search({ ...request, limit: request.limit + spareHits }, signal);
  const check = new RequestCheck(parts.projects);
  const { packed: hits } = await packChecked(check, result.hits, {
    pack: (found) => found.slice(0, request.limit),
    places: (found) => found,
  });
  signal?.throwIfAborted();
  const { freshness, changed, notices } = check.outcome();
  for (const [project, paths] of changed) parts.onChanged?.(project, paths);
  return {
    ...result,
    hits,
    notices: [...indexNotices(parts.projects, request.language), ...result.notices, ...notices],
    freshness,
    projects: parts.projects.map(({ name }) => name),
    elapsedMs: Math.round(parts.now() - startedAt),
  };
}

/** What a reader of an index must know of its state: an unfinished run, a language that no file has. */
export function indexNotices(
  projects: readonly Pick<CheckedProject, 'name' | 'catalogue'>[],
  language?: string,
): string[] {
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
