import { randomUUID } from 'node:crypto';
import type { AnswerEvent } from './core/answer.ts';
import type { IndexIdentity } from './core/catalogue.ts';

import { ServiceError, toServiceError } from './core/errors.ts';
import type { Retriever, SearchRequest } from './core/retrieval.ts';
import { loadConfig } from './config.ts';
import type { FlagValues, ResolvedConfig } from './config.ts';
import { openAdministration } from './service/administration.ts';
import type { Administration } from './service/administration.ts';
import type { EvaluationRequest } from './service/evaluation.ts';
import type { IndexControl } from './service/indexing.ts';
import type { CurrentRequest, IndexRequest, KeepingParts, WatchRequest } from './service/watching/keeping.ts';
import type { WatchControl } from './service/watching/watch-projects.ts';
import { checkingOf } from './service/checking.ts';
import { openRechunker, type Rechunker } from './service/rechunking.ts';
import { questionEmbedder } from './service/embedders.ts';
import { markerSecret } from './service/marker.ts';
import { openIndex } from './store/index-folder.ts';
import type { ReadableIndex } from './store/index-folder.ts';
import { embedderKey } from './store/index-identity.ts';
import { indexBytes } from './store/index-place.ts';
import { readLiveState } from './store/live-state.ts';
import { ProjectRegistry } from './store/project-registry.ts';
import type { Project } from './store/project-registry.ts';
import type { AskRequest } from './verbs/ask.ts';
import type { ExplainReport, ExplainRequest } from './verbs/explain.ts';
import type { EvaluationControl } from './verbs/evaluation/evaluate.ts';
import type { EvaluationReport, QuestionRequest, QuestionSet } from './verbs/evaluation/evaluation-report.ts';
import type { ServedParts, ServeRequest } from './verbs/gateway/served.ts';
import type {
  IndexSummary,
  ProjectListing,
  ProjectSelection,
  RemovedProject,
  SearchReport,
  StatusReport,
} from './verbs/reports.ts';
import type { CheckedProject } from './verbs/verify/checked-project.ts';
import { listing, status } from './verbs/status.ts';
import { selectIndexed, selectProjects, whyNotIndexUnasked } from './verbs/select-projects.ts';

/** Everything that a surface can ask of Lorekeep. */
export interface Service {
  index(request: IndexRequest, control: IndexControl): Promise<IndexSummary>;
  /** Brings projects up to date, within a time; a sentence for each that is not. */
  bringUpToDate(projects: ProjectSelection, request: CurrentRequest): Promise<readonly string[]>;
  /** Keeps projects current until it is stopped. */
  watch(request: WatchRequest, control: WatchControl): Promise<void>;
  search(projects: ProjectSelection, request: SearchRequest, signal: AbortSignal): Promise<SearchReport>;
  /** Decides for one project whether a message needs it, and shows what would be looked at. */
  explain(projects: ProjectSelection, request: ExplainRequest, signal: AbortSignal): Promise<ExplainReport>;
  ask(projects: ProjectSelection, request: AskRequest, signal: AbortSignal): AsyncIterable<AnswerEvent>;
  /** Labelled questions about one project, read from a file or mined. */
  questions(projects: ProjectSelection, request: QuestionRequest, signal: AbortSignal): Promise<QuestionSet>;
  /** How well questions find their files, by the present settings and by others. */
  evaluate(
    projects: ProjectSelection,
    request: EvaluationRequest,
    control: EvaluationControl,
  ): Promise<EvaluationReport>;
  status(projects: ProjectSelection): Promise<StatusReport>;
  listProjects(): Promise<readonly ProjectListing[]>;
  removeProject(projects: ProjectSelection): Promise<RemovedProject>;
  /** Folders of the selection without an index that may be indexed unasked; `not_indexed` where that would surprise. */
  foldersWithoutIndex(projects: ProjectSelection): Promise<readonly string[]>;
  /** The folder that a selection of one project means. */
  folderOf(projects: ProjectSelection): Promise<string>;
  /** Keys, models and the state of this machine: what is looked after beside the projects. */
  administration(): Administration;
  /** Opens what `lorekeep serve` stands on; whoever asks closes it. */
  serve(request: ServeRequest): Promise<ServedParts>;
  close(): Promise<void>;
}

/** How Lorekeep was started. */
interface Start {
  readonly flags: FlagValues;
  /** The program, for processes that a running service starts. */
  readonly entry: string;
}

/**
 * Opens Lorekeep on this machine with options given as flags; `entry` is the program (`process.argv[1]`). Errors: `config_invalid`,
 * `store_failed`.
 */
export async function openService(flags: FlagValues, entry: string): Promise<Service> {
  const config = await loadConfig({ flags });
  const { dataFolder } = config.values;
  return new LocalService({ flags, entry }, config, new ProjectRegistry({ dataFolder, newId: randomUUID }));
}

/** A project open for reading. */
type OpenProject = Project & ReadableIndex & CheckedProject;

/** Wires the adapters to the verbs. Parts that a call does not need are not even loaded: a search should start at once. */
class LocalService implements Service {
  readonly #start: Start;
  readonly #config: ResolvedConfig;
  readonly #registry: ProjectRegistry;
  readonly #indexes = new Map<string, ReadableIndex>();
  readonly #rechunker: Rechunker;

  constructor(start: Start, config: ResolvedConfig, registry: ProjectRegistry) {
    this.#start = start;
    this.#config = config;
    this.#registry = registry;
    this.#rechunker = openRechunker(config.values);
  }

  async index(request: IndexRequest, control: IndexControl): Promise<IndexSummary> {
    return (await import('./service/watching/keeping.ts')).index(this.#keeping(), request, control);
  }

  async bringUpToDate(selection: ProjectSelection, request: CurrentRequest): Promise<readonly string[]> {
    return (await import('./service/watching/keeping.ts')).bringUpToDate(this.#keeping(), selection, request);
  }

  async watch(request: WatchRequest, control: WatchControl): Promise<void> {
    return (await import('./service/watching/keeping.ts')).watchFolders(this.#keeping(), request, control);
  }

  async search(selection: ProjectSelection, request: SearchRequest, signal: AbortSignal): Promise<SearchReport> {
    const projects = this.#openSelected(selection);
    const { search } = await import('./verbs/search.ts');
    const { retriever, notices } = await this.#retriever(projects);
    const report = await search({ projects, retriever, now: () => performance.now() }, request, signal);
    return { ...report, notices: [...notices, ...report.notices] };
  }

  async explain(selection: ProjectSelection, request: ExplainRequest, signal: AbortSignal): Promise<ExplainReport> {
    const project = this.#open(selectIndexed(this.#registry, selection));
    const { explain } = await import('./verbs/explain.ts');
    const { SignalRouter } = await import('./retrieval/routing/query-router.ts');
    const { retriever } = await this.#retriever([project]);
    const router = new SignalRouter(project);
    return explain({ projects: [project], retriever, router, now: () => performance.now() }, request, signal);
  }

  async *ask(selection: ProjectSelection, request: AskRequest, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const projects = this.#openSelected(selection);
    const { values } = await loadConfig({
      flags: this.#start.flags,
      projectRoot: projects.length === 1 ? projects[0]!.root : null,
    });
    const { ask } = await import('./verbs/ask.ts');
    const { retriever, notices } = await this.#retriever(projects);
    const { openGenerator } = await import('./service/generator.ts');
    const wish = { projects: projects.map(({ name }) => name), cache: request.cache };
    const opened = request.withoutModel ? null : await openGenerator(values, wish);
    const parts = {
      projects,
      retriever,
      notices,
      generator: opened?.generator ?? null,
      markerSecret: await markerSecret(this.#config.values.dataFolder),
      readingSeconds: values.answerReadingSeconds,
      answerTokens: values.answerTokens,
    };
    try {
      yield* ask(parts, request, signal);
    } finally {
      await opened?.close();
    }
  }

  async questions(selection: ProjectSelection, request: QuestionRequest, signal: AbortSignal): Promise<QuestionSet> {
    const project = this.#open(selectIndexed(this.#registry, selection));
    const { collectQuestions } = await import('./verbs/evaluation/collect-questions.ts');
    return collectQuestions(project, request, signal);
  }

  async evaluate(
    selection: ProjectSelection,
    request: EvaluationRequest,
    control: EvaluationControl,
  ): Promise<EvaluationReport> {
    const project = this.#open(selectIndexed(this.#registry, selection));
    const { evaluateProject } = await import('./service/evaluation.ts');
    return evaluateProject({ project, flags: this.#start.flags }, request, control);
  }

  async status(selection: ProjectSelection): Promise<StatusReport> {
    const project = this.#open(selectIndexed(this.#registry, selection));
    const { catalogue, indexFolder } = project;
    return status({ project, catalogue, diskBytes: indexBytes(indexFolder), live: readLiveState(indexFolder) });
  }

  async listProjects(): Promise<readonly ProjectListing[]> {
    return this.#registry.list().map((project) => {
      const diskBytes = indexBytes(project.indexFolder);
      try {
        return listing({ project, catalogue: this.#open(project).catalogue, diskBytes });
      } catch (error) {
        return { ...project, totals: null, lastCompletedRun: null, diskBytes, problem: toServiceError(error).message };
      }
    });
  }

  async removeProject(selection: ProjectSelection): Promise<RemovedProject> {
    const project = selectIndexed(this.#registry, selection);
    await this.#takeDown(project);
    const freedBytes = indexBytes(project.indexFolder);
    await this.#registry.remove(project.name);
    return { ...project, freedBytes };
  }

  async foldersWithoutIndex(selection: ProjectSelection): Promise<readonly string[]> {
    const { projects, folders } = selectProjects(this.#registry, selection);
    for (const folder of folders) {
      const objection = whyNotIndexUnasked(this.#registry, folder);
      if (objection !== null) throw new ServiceError('not_indexed', objection);
    }
    // A project whose first run failed early has a name and no index.
    return [...folders, ...projects.filter((project) => !this.#hasIndex(project)).map(({ root }) => root)];
  }

  async folderOf(selection: ProjectSelection): Promise<string> {
    const { projects, folders } = selectProjects(this.#registry, selection);
    return projects[0]?.root ?? folders[0] ?? selection.currentFolder;
  }

  administration(): Administration {
    return openAdministration({
      config: this.#config,
      projectNames: () => this.#registry.list().map(({ name }) => name),
      projectOf: (projects) => selectIndexed(this.#registry, projects).name,
      open: (name) => this.#open(this.#registry.byName(name)!),
      status: async (projects) => this.status(projects),
    });
  }

  async serve(request: ServeRequest): Promise<ServedParts> {
    const { openGateway } = await import('./service/serving/gateway.ts');
    return openGateway({ ...this.#start, config: this.#config, registry: this.#registry }, request);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#indexes.values(), this.#rechunker].map((part) => part.close()));
    this.#registry.close();
  }

  #openSelected(selection: ProjectSelection): readonly OpenProject[] {
    const { projects, folders } = selectProjects(this.#registry, selection);
    if (folders.length > 0)
      throw new ServiceError('not_indexed', `${folders[0]} has no index. Run \`lorekeep index\` there first.`);
    return projects.map((project) => this.#open(project));
  }

  #open(project: Project): OpenProject {
    const index = this.#indexes.get(project.indexFolder) ?? openIndex(project.indexFolder);
    this.#indexes.set(project.indexFolder, index);
    return { ...index, ...project, ...checkingOf(project, this.#config.values, this.#rechunker) };
  }

  #keeping(): KeepingParts {
    return { ...this.#start, registry: this.#registry, takeDown: (project) => this.#takeDown(project) };
  }

  #hasIndex(project: Project): boolean {
    try {
      this.#open(project);
      return true;
    } catch (error) {
      return toServiceError(error).code !== 'not_indexed';
    }
  }

  /** Closes an index that is about to change; says what it was made by (null: not to be read), null when there is none. */
  async #takeDown(project: Project): Promise<{ readonly identity: IndexIdentity | null } | null> {
    if (!this.#hasIndex(project)) return null;
    const index = this.#indexes.get(project.indexFolder);
    const identity = index?.catalogue.identity() ?? null;
    this.#indexes.delete(project.indexFolder);
    await index?.close();
    return { identity };
  }

  /** Searches projects together. Vectors of several embedders cannot be compared, so then words alone count. */
  async #retriever(projects: readonly OpenProject[]): Promise<{ retriever: Retriever; notices: readonly string[] }> {
    const { createRetriever } = await import('./retrieval/hybrid-retriever.ts');
    const made = projects.map(({ catalogue }) => catalogue.identity()?.embedder ?? null);
    const [first = null] = made;
    const differ = new Set(made.map(embedderKey)).size > 1;
    const embedder = differ || first === null ? null : await questionEmbedder(this.#config.values, first);
    const notice = 'These projects were indexed with different embedders, so they were searched by words only.';
    return { retriever: createRetriever({ projects, embedder }), notices: differ ? [notice] : [] };
  }
}
