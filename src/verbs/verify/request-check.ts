import type { Freshness } from '../../core/freshness.ts';
import type { Citation, Hit } from '../../core/retrieval.ts';
import { fileKey, type CheckedProject } from './checked-project.ts';
import { freshnessOf } from './freshness-of.ts';
import { verifyFile, type Deadline, type VerifiedFile } from './verify-file.ts';

/** What a request found out about the files behind what it found. */
export interface CheckOutcome {
  readonly freshness: Freshness;
  /** Project-relative paths that differ from the index, by project: it should be brought up to date there. */
  readonly changed: ReadonlyMap<string, readonly string[]>;
  /** Sentences the caller must see. */
  readonly notices: readonly string[];
}

/** A file as the check met it. */
interface CheckedFile extends VerifiedFile {
  readonly project: string;
  readonly path: string;
}

/** Cutting changed files anew takes this long at most for one request: a parser may have to be started for it. */
const cutMs = 10_000;

/** Checks the files behind hits for one request; it looks at each file once, so that all that is shown of one is of one moment. */
export class RequestCheck {
  readonly #projects: readonly CheckedProject[];
  readonly #files = new Map<string, CheckedFile>();
  #deadline: Deadline | null = null;

  constructor(projects: readonly CheckedProject[]) {
    this.#projects = projects;
  }

  /**
   * The hits with those in the files of `places` as they are now; what is no more is left out. The very list where nothing has changed.
   */
  async bringUpToDate(hits: readonly Hit[], places: readonly Citation[]): Promise<readonly Hit[]> {
    const files = new Map(places.map((place) => [fileKey(place), place]));
    const unseen = [...files].filter(([key]) => !this.#files.has(key));
    const replaced = await Promise.all(unseen.map(([key, place]) => this.#check(key, place, hits)));
    const replacements = new Map(replaced.flatMap((file) => [...file]));
    if (replacements.size === 0) return hits;
    return hits.flatMap((hit) => {
      const now = replacements.get(hit);
      return now === undefined ? hit : (now ?? []);
    });
  }

  /** SHA-256 of what a file held when it was checked; null where it was not, or could not be read. */
  hashOf(place: Pick<Citation, 'project' | 'path'>): string | null {
    return this.#files.get(fileKey(place))?.hash ?? null;
  }

  outcome(): CheckOutcome {
    const files = [...this.#files.values()];
    const differing = files.filter(({ state }) => state === 'changed' || state === 'gone' || state === 'unsettled');
    const byProject = Map.groupBy(differing, ({ project }) => project);
    const notices = files
      .filter(({ state }) => state === 'unsettled')
      .map(({ path }) => `${path} was changing while it was read, so that some of its code may be missing here.`);
    return {
      freshness: freshnessOf(this.#projects, differing),
      changed: new Map(Array.from(byProject, ([project, its]) => [project, its.map(({ path }) => path)])),
      notices,
    };
  }

  async #check(
    key: string,
    { project: name, path }: Citation,
    hits: readonly Hit[],
  ): Promise<VerifiedFile['replaced']> {
    const project = this.#projects.find((one) => one.name === name);
    // A file outside all projects, which was read for this request.
    if (project === undefined) return new Map();
    const own = hits.filter((hit) => hit.project === name && hit.path === path);
    const verified = await verifyFile(project, path, { hits: own, deadline: () => this.#late() });
    this.#files.set(key, { ...verified, project: name, path });
    return verified.replaced;
  }

  #late(): Deadline {
    this.#deadline ??= new Promise((resolve) => {
      setTimeout(() => resolve('late'), cutMs).unref();
    });
    return this.#deadline;
  }
}
