import type { Config } from '../../config-options.ts';
import type { Embedder } from '../../core/embedding.ts';
import { toServiceError } from '../../core/errors.ts';
import type { SearchableProject } from '../../retrieval/gather.ts';
import { createRetriever } from '../../retrieval/hybrid-retriever.ts';
import { SignalRouter } from '../../retrieval/routing/query-router.ts';
import { checkingOf } from '../checking.ts';
import { openRechunker, type Rechunker } from '../rechunking.ts';
import { questionEmbedder } from '../embedders.ts';
import { openIndex } from '../../store/index-folder.ts';
import type { ReadableIndex } from '../../store/index-folder.ts';
import { embedderKey } from '../../store/index-identity.ts';
import { ProjectKnowledge } from '../../verbs/gateway/evidence/knowledge.ts';
import type { ServedIndex } from '../../verbs/gateway/evidence/knowledge.ts';
import type { ProjectSummary } from '../../verbs/reports.ts';

/** Projects that can be searched now, and what must be said of the others. */
export interface ReadyProjects {
  readonly knowledge: ProjectKnowledge | null;
  readonly notices: readonly string[];
}

interface OpenIndex {
  readonly index: ReadableIndex;
  readonly served: ServedIndex & SearchableProject;
  readonly embedder: Embedder | null;
}

/** A search that has begun on an index that is replaced meanwhile still needs it; none takes this long. */
const closingDelayMs = 60_000;

/** The indexes of a long-running service: opened when they are there, opened anew when a rebuild has replaced them. */
export class ServedIndexes {
  readonly #projects: readonly ProjectSummary[];
  readonly #values: Config;
  readonly #open = new Map<string, Promise<OpenIndex>>();
  readonly #rechunker: Rechunker;
  readonly #closing = new Set<ReadableIndex>();
  /** By the names of the projects; each remembers what was asked of it. */
  readonly #knowledge = new Map<string, ProjectKnowledge>();

  constructor(projects: readonly ProjectSummary[], values: Config) {
    this.#projects = projects;
    this.#values = values;
    this.#rechunker = openRechunker(values);
  }

  /** Opens the named projects' indexes. One that cannot be read is left out with a notice. */
  async ready(names: readonly string[]): Promise<ReadyProjects> {
    const wanted = this.#projects.filter(({ name }) => names.includes(name));
    const opened = await Promise.all(
      wanted.map(async (project) => {
        try {
          return await this.#opened(project);
        } catch (error) {
          const { code, message } = toServiceError(error);
          return code === 'not_indexed'
            ? `The project ${project.name} is still being indexed, so it was not searched.`
            : `The project ${project.name} could not be searched: ${message}`;
        }
      }),
    );
    const indexes = opened.filter((one) => typeof one !== 'string');
    const notices = opened.filter((one) => typeof one === 'string');
    if (indexes.length === 0) return { knowledge: null, notices };
    const { knowledge, notice } = this.#knowledgeOf(indexes);
    return { knowledge, notices: notice === null ? notices : [...notices, notice] };
  }

  /** The index of a project, null where there is none to read. */
  async index(name: string): Promise<ReadableIndex | null> {
    const project = this.#projects.find((one) => one.name === name);
    if (project === undefined) return null;
    return this.#opened(project).then(
      ({ index }) => index,
      () => null,
    );
  }

  async close(): Promise<void> {
    const open = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    const indexes = open.flatMap((one) => (one.status === 'fulfilled' ? [one.value.index] : []));
    await Promise.all([...indexes, ...this.#closing, this.#rechunker].map((part) => part.close()));
  }

  async #opened(project: ProjectSummary): Promise<OpenIndex> {
    const known = this.#open.get(project.name);
    if (known !== undefined) {
      const open = await known;
      if (open.index.isCurrent()) return open;
      this.#replace(project.name, open.index);
    }
    // Another request may have opened it while this one waited.
    const pending = this.#open.get(project.name) ?? this.#openAnew(project);
    this.#open.set(project.name, pending);
    pending.catch(() => this.#open.delete(project.name));
    return pending;
  }

  #replace(name: string, index: ReadableIndex): void {
    if (this.#closing.has(index)) return;
    this.#open.delete(name);
    this.#knowledge.clear();
    this.#closing.add(index);
    const timer = setTimeout(() => {
      this.#closing.delete(index);
      // Nobody reads it any more, and its files are gone.
      index.close().catch(() => undefined);
    }, closingDelayMs);
    timer.unref();
  }

  async #openAnew(project: ProjectSummary): Promise<OpenIndex> {
    const index = openIndex(project.indexFolder);
    try {
      return await this.#withParts(project, index);
    } catch (error) {
      await index.close();
      throw error;
    }
  }

  async #withParts(project: ProjectSummary, index: ReadableIndex): Promise<OpenIndex> {
    const made = index.catalogue.identity()?.embedder ?? null;
    const embedder = made === null ? null : await questionEmbedder(this.#values, made);
    const searchable = { name: project.name, catalogue: index.catalogue, store: index.store };
    const router = new SignalRouter(searchable);
    const checking = checkingOf(project, this.#values, this.#rechunker);
    return { index, embedder, served: { ...project, ...searchable, ...checking, router } };
  }

  #knowledgeOf(open: readonly OpenIndex[]): { readonly knowledge: ProjectKnowledge; readonly notice: string | null } {
    const made = open.map(({ served }) => embedderKey(served.catalogue.identity()?.embedder ?? null));
    const differ = new Set(made).size > 1;
    const name = open.map(({ served }) => served.name).join('\0');
    const projects = open.map(({ served }) => served);
    const known = this.#knowledge.get(name);
    // While one index was being opened another may have been replaced.
    const isOfThese = known?.indexes.every((index, place) => index === open[place]?.served) === true;
    const knowledge = isOfThese
      ? known
      : new ProjectKnowledge(
          projects,
          createRetriever({ projects, embedder: differ ? null : (open[0]?.embedder ?? null) }),
        );
    this.#knowledge.set(name, knowledge);
    const notice = 'These projects were indexed with different embedders, so they were searched by words only.';
    return { knowledge, notice: differ ? notice : null };
  }
}
