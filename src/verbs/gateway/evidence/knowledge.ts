import { ServiceError } from '../../../core/errors.ts';
import { RecentMap } from '../../../core/gateway/recent-map.ts';
import { sha256 } from '../../../core/hash.ts';
import type { Retriever, SearchRequest, SearchResult } from '../../../core/retrieval.ts';
import type { QueryRouter, Route, RouteRequest } from '../../../core/gateway/route.ts';
import type { CheckedProject } from '../../verify/checked-project.ts';

/** A project whose index is open, with what decides and finds in it. */
export interface ServedIndex extends CheckedProject {
  readonly indexFolder: string;
  readonly router: QueryRouter;
}

/** What a message needs of which projects. */
export interface Decision {
  readonly route: Route;
  /** Names of the projects that it needs; empty when it needs none. */
  readonly projects: readonly string[];
}

/** Decisions and searches that are remembered. */
const remembered = 500;

/**
 * What projects know of a message: whether they are needed, and what fits. Remembered for as long as nobody changes an index, so that a
 * question that is asked again costs next to nothing.
 */
export class ProjectKnowledge {
  readonly indexes: readonly ServedIndex[];
  readonly #retriever: Retriever;
  readonly #decisions = new RecentMap<string, Promise<Decision>>(remembered);
  readonly #searches = new RecentMap<string, Promise<SearchResult>>(remembered);

  constructor(indexes: readonly ServedIndex[], retriever: Retriever) {
    this.indexes = indexes;
    this.#retriever = retriever;
  }

  /** Asks the router of each project; the surest one that wants to retrieve is followed. */
  async decide(request: RouteRequest, signal?: AbortSignal): Promise<Decision> {
    return unlessStopped(
      this.#remember(this.#decisions, request, () => this.#decide(request)),
      signal,
    );
  }

  /** Searches all projects together. */
  async search(request: SearchRequest, signal?: AbortSignal): Promise<SearchResult> {
    return unlessStopped(
      this.#remember(this.#searches, request, () => this.#retriever.search(request)),
      signal,
    );
  }

  async #decide(request: RouteRequest): Promise<Decision> {
    const routes = await Promise.all(
      this.indexes.map(async ({ name, router }) => ({ name, route: await router.route(request) })),
    );
    const needing = routes.filter(({ route }) => route.kind !== 'none');
    const [best = routes[0]] = needing.toSorted((one, other) => other.route.confidence - one.route.confidence);
    if (best === undefined) throw new RangeError('A decision takes at least one project.');
    return { route: best.route, projects: needing.map(({ name }) => name) };
  }

  /** What is found serves all who ask meanwhile, so that none of them may stop it. */
  #remember<Value>(
    known: RecentMap<string, Promise<Value>>,
    request: object,
    find: () => Promise<Value>,
  ): Promise<Value> {
    const revisions = this.indexes.map(({ catalogue }) => catalogue.revision());
    // Messages can be long, and many are remembered.
    const key = sha256(JSON.stringify([revisions, request]));
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = find();
    known.set(key, found);
    // A failure says nothing about the next request.
    found.catch(() => known.delete(key));
    return found;
  }
}

/** The value, or `aborted` as soon as whoever waits for it is stopped. */
async function unlessStopped<Value>(value: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (signal === undefined) return value;
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void =>
    reject(new ServiceError('aborted', 'Stopped before it was finished.', { cause: signal.reason }));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([value, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
