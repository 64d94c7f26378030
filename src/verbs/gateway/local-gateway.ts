import type { EvidenceMemory } from '../../answer/conversation/evidence-memory.ts';
import type { AnswerCache } from '../../core/gateway/answer-cache.ts';
import { requireAdmin, requireProject } from '../../core/gateway/caller.ts';
import type { Caller } from '../../core/gateway/caller.ts';
import type { Exchange, GatewayRequest, RequestContext } from '../../core/gateway/exchange.ts';
import type {
  ChatCall,
  CompletionCall,
  EmbedCall,
  Embeddings,
  ForwardedRequest,
  ModelEvent,
  ModelInfo,
  ModelServer,
} from '../../core/gateway/model-server.ts';
import { ServiceError } from '../../core/errors.ts';
import type { SearchRequest } from '../../core/retrieval.ts';
import { explain } from '../explain.ts';
import type { ExplainReport, ExplainRequest } from '../explain.ts';
import type { SearchReport } from '../reports.ts';
import { search } from '../search.ts';
import type { SearchParts } from '../search.ts';
import { answerGatewayQuestion } from './answer-gateway-question.ts';
import { complete } from './complete.ts';
import { converse } from './converse.ts';
import type { GatewayParts } from './converse.ts';
import type {
  CountedTokens,
  Gateway,
  GatewayAnswerEvent,
  GatewayGauges,
  GatewayQuestion,
  HealthReport,
  ServedProject,
} from './gateway.ts';
import type { ServedProjects } from './served.ts';
import type { ProjectKnowledge } from './evidence/knowledge.ts';
import { noteSearch } from './note-search.ts';
import { countMessages } from './prompt-room.ts';
import { notServed, requestedModel } from './requested-model.ts';
import type { RequestedModel } from './requested-model.ts';

/** The model servers for one request. */
export interface EnteredServer {
  readonly server: ModelServer;
  readonly leave: () => void;
}

/** What the gateway stands on. */
export interface LocalGatewayParts {
  readonly projects: ServedProjects;
  /** All model servers, for questions about models. */
  readonly models: ModelServer;
  /** The model servers for one request of a caller: it waits its turn, or is refused at once. `leave` ends the request. */
  enter(caller: Caller): EnteredServer;
  readonly cache: AnswerCache;
  readonly memory: EvidenceMemory;
  readonly aliases: ReadonlyMap<string, string>;
  /** Model that the native routes ask. */
  readonly model: string;
  readonly markerSecret: string;
  readonly answerTokens: number;
  readonly readingSeconds: number;
  readonly promptSpeed: (info: ModelInfo) => Promise<number | null>;
  health(): Promise<HealthReport>;
  gauges(): GatewayGauges;
  close(): Promise<void>;
  readonly now: () => Date;
}

/** The gateway over the projects and model servers of this machine. */
export class LocalGateway implements Gateway {
  readonly #parts: LocalGatewayParts;

  constructor(parts: LocalGatewayParts) {
    this.#parts = parts;
  }

  async chat(request: GatewayRequest<ChatCall>, context: RequestContext): Promise<Exchange> {
    return this.#entered(context, async (server) => {
      const { parts, model } = await this.#partsFor(request, context, server);
      return converse(parts, { ...request, call: { ...request.call, model } }, context);
    });
  }

  async complete(request: GatewayRequest<CompletionCall>, context: RequestContext): Promise<Exchange> {
    return this.#entered(context, async (server) => {
      const { parts, model } = await this.#partsFor(request, context, server);
      return complete(parts, { ...request, call: { ...request.call, model } }, context);
    });
  }

  async embed(call: EmbedCall, { caller, trace, signal }: RequestContext): Promise<Embeddings> {
    const { model } = this.#requested(call.model, caller);
    trace.model = model;
    const { server, leave } = this.#parts.enter(caller);
    try {
      const embeddings = await server.embed({ ...call, model }, signal);
      trace.promptTokens = embeddings.promptTokens;
      return embeddings;
    } finally {
      leave();
    }
  }

  async models({ caller, signal }: RequestContext): Promise<readonly ModelInfo[]> {
    const models = await this.#parts.models.models(signal);
    const byName = new Map(models.map((model) => [model.name, model]));
    for (const [alias, name] of this.#parts.aliases) {
      const meant = byName.get(name);
      if (meant !== undefined && !byName.has(alias)) byName.set(alias, { ...meant, name: alias });
    }
    const named = [...byName.values()];
    const projects = this.#readable(caller);
    if (projects.length < 2) return named;
    // For clients that can choose a model and nothing else.
    const carrying = named
      .filter(({ capabilities }) => capabilities.includes('completion'))
      .flatMap((model) => projects.map((project) => ({ ...model, name: `${model.name}@${project}` })));
    return [...named, ...carrying];
  }

  async describe(name: string, { caller, signal }: RequestContext): Promise<ModelInfo> {
    const { model } = this.#requested(name, caller);
    const info = await this.#parts.models.describe(model, signal);
    return { ...info, name };
  }

  async countTokens(call: ChatCall, { caller, signal }: RequestContext): Promise<CountedTokens> {
    const { model } = this.#requested(call.model, caller);
    const counter = await this.#parts.models.tokenCounter(model, signal);
    return { tokens: countMessages(call.messages, counter, call.tools), isExact: counter.isExact };
  }

  resolveModel(model: string): string {
    return requestedModel(model, this.#parts.aliases, this.#parts.projects.names()).model;
  }

  async forward(request: ForwardedRequest, { caller, signal }: RequestContext): Promise<Response> {
    const { models } = this.#parts;
    if (models.forward === undefined) {
      throw new ServiceError('request_invalid', 'No Ollama is in use here, so this route has nothing to pass on to.');
    }
    if (request.path !== '/api/embeddings') return models.forward(request, signal);
    // The one of these requests that has a model work: it waits its turn as others do.
    const { server, leave } = this.#parts.enter(caller);
    try {
      return await (server.forward === undefined ? models.forward(request, signal) : server.forward(request, signal));
    } finally {
      leave();
    }
  }

  async *ask(question: GatewayQuestion, context: RequestContext): AsyncGenerator<GatewayAnswerEvent> {
    const asked = question.model ?? this.#parts.model;
    const lorekeep = {
      projects: question.projects,
      retrieve: question.retrieve,
      files: question.files,
      cache: question.cache,
      citations: false,
    };
    const { server, leave } = this.#parts.enter(context.caller);
    try {
      const { parts, model } = await this.#partsFor({ call: { model: asked }, lorekeep }, context, server);
      const wanted = question.model === null ? null : model;
      yield* answerGatewayQuestion(parts, { question, lorekeep, model: wanted }, context);
    } finally {
      leave();
    }
  }

  async search(names: readonly string[], request: SearchRequest, context: RequestContext): Promise<SearchReport> {
    const { knowledge, notices } = await this.#searchable(names, context);
    const parts = this.#searchParts(knowledge);
    const report = await search(parts, request, context.signal);
    noteSearch(context.trace, { ...request, projects: report.projects, places: report.hits });
    return { ...report, notices: [...notices, ...report.notices] };
  }

  async explain(names: readonly string[], request: ExplainRequest, context: RequestContext): Promise<ExplainReport> {
    const { knowledge } = await this.#searchable(names, context);
    const router = {
      route: async (message: Parameters<typeof knowledge.decide>[0]) => (await knowledge.decide(message)).route,
    };
    const report = await explain({ ...this.#searchParts(knowledge), router }, request, context.signal);
    const places = report.found?.hits ?? [];
    noteSearch(context.trace, { ...request, projects: knowledge.indexes.map(({ name }) => name), places });
    return report;
  }

  async projects({ caller }: RequestContext): Promise<readonly ServedProject[]> {
    return this.#parts.projects.states(this.#readable(caller));
  }

  async reindex(project: string, { caller }: RequestContext): Promise<void> {
    requireAdmin(caller, 'Indexing a project');
    this.#requireServed(project, caller);
    this.#parts.projects.reindex(project);
  }

  async health({ caller }: RequestContext): Promise<HealthReport> {
    const { checks, ...report } = await this.#parts.health();
    const readable = this.#readable(caller);
    return { ...report, checks: checks.filter(({ project }) => project === undefined || readable.includes(project)) };
  }

  gauges(): GatewayGauges {
    return this.#parts.gauges();
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  /** Opens an exchange in a place of the queue, which is given up when it has ended. */
  async #entered(
    { caller, signal }: RequestContext,
    open: (server: ModelServer) => Promise<Exchange>,
  ): Promise<Exchange> {
    const { server, leave } = this.#parts.enter(caller);
    signal.addEventListener('abort', leave, { once: true });
    try {
      const exchange = await open(server);
      return { ...exchange, events: leaving(exchange.events, leave) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #partsFor(
    { call, lorekeep }: GatewayRequest<{ readonly model: string }>,
    { caller }: RequestContext,
    server: ModelServer,
  ): Promise<{ readonly parts: GatewayParts; readonly model: string }> {
    const { projects: served } = this.#parts;
    const { model, projects: carried } = this.#requested(call.model, caller);
    const names = this.#namesFor([...lorekeep.projects, ...carried], caller);
    const wantsNothing = lorekeep.retrieve === 'never' && lorekeep.files.length === 0;
    const { knowledge, notices } = wantsNothing ? { knowledge: null, notices: [] } : await served.ready(names);
    const { cache, memory, markerSecret, answerTokens, readingSeconds, promptSpeed, now } = this.#parts;
    const settings = { cache, memory, markerSecret, answerTokens, readingSeconds, promptSpeed, now };
    const checkedProjects = async () => (knowledge ?? (await served.ready(names)).knowledge)?.indexes ?? [];
    const request = { server, knowledge, checkedProjects, notices, projects: names, askedModel: call.model };
    return { parts: { ...settings, ...request, onChanged: this.#onChanged }, model };
  }

  /** An index that is behind its files is brought up to date soon. */
  readonly #onChanged = (project: string, paths: readonly string[]): void => this.#parts.projects.look(project, paths);

  async #searchable(
    names: readonly string[],
    { caller }: RequestContext,
  ): Promise<{ readonly knowledge: ProjectKnowledge; readonly notices: readonly string[] }> {
    const { knowledge, notices } = await this.#parts.projects.ready(this.#namesFor(names, caller));
    if (knowledge !== null) return { knowledge, notices };
    throw new ServiceError('not_indexed', notices[0] ?? 'No project is served here. Start with --project <folder>.');
  }

  #searchParts(knowledge: ProjectKnowledge): SearchParts {
    const now = (): number => performance.now();
    return { projects: knowledge.indexes, retriever: knowledge, now, onChanged: this.#onChanged };
  }

  /** The projects of a request: the named ones, else all that the caller may read. */
  #namesFor(named: readonly string[], caller: Caller): readonly string[] {
    if (named.length === 0) return this.#readable(caller);
    const names = [...new Set(named)];
    for (const name of names) this.#requireServed(name, caller);
    return names;
  }

  #requireServed(name: string, caller: Caller): void {
    requireProject(caller, name);
    if (!this.#parts.projects.names().includes(name)) throw notServed(name, this.#readable(caller));
  }

  /** What a model's name means for a caller. Errors: as `#requireServed` for the project that it carries. */
  #requested(name: string, caller: Caller): RequestedModel {
    const requested = requestedModel(name, this.#parts.aliases, this.#readable(caller));
    for (const project of requested.projects) this.#requireServed(project, caller);
    return requested;
  }

  #readable({ projects }: Caller): readonly string[] {
    return this.#parts.projects.names().filter((name) => projects === null || projects.includes(name));
  }
}

/** Passes events on, and leaves when the last has passed or nobody reads on. */
async function* leaving(events: AsyncIterable<ModelEvent>, leave: () => void): AsyncGenerator<ModelEvent> {
  try {
    yield* events;
  } finally {
    leave();
  }
}
