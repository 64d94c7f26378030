/** Ways to answer: without the project's code, by looking up one symbol, by searching, or from files that were named. */
export type RouteKind = 'none' | 'symbol' | 'hybrid' | 'files';

/** What was decided for a message, and why. */
export interface Route {
  readonly kind: RouteKind;
  /** A short sentence for people. */
  readonly reason: string;
  /** How sure the decision to retrieve or not is, 0.5 to 1. */
  readonly confidence: number;
  /** Project-relative paths that the message names; only for `files`. */
  readonly files: readonly string[];
}

export interface RouteRequest {
  readonly question: string;
  /** What the same user said before in this conversation, oldest first. */
  readonly history: readonly string[];
}

/** Decides whether a message needs the project's code. Writes nothing, asks no model server. */
export interface QueryRouter {
  route(request: RouteRequest, signal?: AbortSignal): Promise<Route>;
}
