import type { QueryRouter, Route, RouteRequest } from '../core/gateway/route.ts';
import type { Retriever } from '../core/retrieval.ts';
import { searchQuestion } from '../retrieval/routing/follow-up.ts';
import type { SearchReport } from './reports.ts';
import { search, type SearchParts } from './search.ts';

/** A message, what was said before it, and how many places to show. */
export interface ExplainRequest extends RouteRequest {
  readonly limit: number;
}

/** What would be retrieved for a message, and why. */
export interface ExplainReport {
  readonly route: Route;
  /** What a search finds; null where nothing would be retrieved. */
  readonly found: SearchReport | null;
}

export interface ExplainParts extends SearchParts {
  readonly router: QueryRouter;
  readonly retriever: Retriever;
}

/** Decides, and shows what would be looked at. Answering does not act on it: who asks `ask` wants the project. */
export async function explain(
  parts: ExplainParts,
  { limit, ...message }: ExplainRequest,
  signal?: AbortSignal,
): Promise<ExplainReport> {
  const route = await parts.router.route(message, signal);
  if (route.kind === 'none') return { route, found: null };
  return {
    route,
    found: await search(parts, { question: searchQuestion(message.question, message.history), limit }, signal),
  };
}
