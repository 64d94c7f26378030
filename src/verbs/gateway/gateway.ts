import type { AnswerEvent } from '../../core/answer.ts';
import type { DecisionReport, Exchange, GatewayRequest, RequestContext } from '../../core/gateway/exchange.ts';
import type {
  ChatCall,
  CompletionCall,
  EmbedCall,
  Embeddings,
  ForwardedRequest,
  ModelInfo,
} from '../../core/gateway/model-server.ts';
import type { SearchRequest } from '../../core/retrieval.ts';
import type { ExplainReport, ExplainRequest } from '../explain.ts';
import type { SearchReport, StatusReport } from '../reports.ts';
import type { KeptState } from '../watch/watch-events.ts';

/** A question to the projects, for the native route. */
export interface GatewayQuestion {
  readonly question: string;
  /** Names; empty for all that are served by default. */
  readonly projects: readonly string[];
  /** Model to ask, undefined for the configured one; null for the evidence alone. */
  readonly model?: string | null;
  /** Project-relative paths to read beside what is found. */
  readonly files: readonly string[];
  readonly path?: string;
  readonly language?: string;
  /** `auto` answers what is about programming in general without the project's code. */
  readonly retrieve: 'auto' | 'always' | 'never';
  /** Whether a kept answer will do. */
  readonly cache: boolean;
}

/** What the native `ask` sends: what was decided, then the events of the answer. */
export type GatewayAnswerEvent = { readonly type: 'decision'; readonly decision: DecisionReport } | AnswerEvent;

/** A project as the service serves it. Also while it is indexed, answers come from what is there. */
export interface ServedProject extends KeptState {
  readonly name: string;
  readonly root: string;
  /** Null while there is no index to read. */
  readonly status: StatusReport | null;
}

/** Whether a part of the service works, in a sentence. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** The project that it is about, absent for what concerns all. */
  readonly project?: string;
}

export interface HealthReport {
  /** `degraded`: it answers, but not everything works. */
  readonly status: 'ok' | 'degraded';
  readonly uptimeSeconds: number;
  readonly checks: readonly HealthCheck[];
}

/** Numbers of this moment, for metrics. */
export interface GatewayGauges {
  readonly queued: number;
  readonly generating: number;
  readonly cacheAnswers: number;
  readonly cacheBytes: number;
  /** Files of all projects that are known to have changed and cannot be searched as they are now. */
  readonly pendingFiles: number;
  /** Projects whose changes are seen as they happen. */
  readonly watchedProjects: number;
  /** Seconds since the start of the oldest comparison of a project's files with its index; null before each has had one. */
  readonly comparedSecondsAgo: number | null;
}

/** A count of tokens before anything is sent. */
export interface CountedTokens {
  readonly tokens: number;
  readonly isExact: boolean;
}

/**
 * All that a surface can ask of the running service. Model names are as clients write them: aliases and `model@project` are
 * understood. Errors are ServiceErrors; the first event of an exchange may throw what a model server says.
 */
export interface Gateway {
  chat(request: GatewayRequest<ChatCall>, context: RequestContext): Promise<Exchange>;
  complete(request: GatewayRequest<CompletionCall>, context: RequestContext): Promise<Exchange>;
  embed(call: EmbedCall, context: RequestContext): Promise<Embeddings>;
  /** Every model that can be asked for, under the names that can be asked for. */
  models(context: RequestContext): Promise<readonly ModelInfo[]>;
  describe(model: string, context: RequestContext): Promise<ModelInfo>;
  countTokens(call: ChatCall, context: RequestContext): Promise<CountedTokens>;
  /** The name as the model server knows it, without project and alias. */
  resolveModel(model: string): string;
  /** Passes a request on to Ollama as it is. Errors: `request_invalid` where no Ollama is in use. */
  forward(request: ForwardedRequest, context: RequestContext): Promise<Response>;
  ask(question: GatewayQuestion, context: RequestContext): AsyncIterable<GatewayAnswerEvent>;
  search(projects: readonly string[], request: SearchRequest, context: RequestContext): Promise<SearchReport>;
  explain(projects: readonly string[], request: ExplainRequest, context: RequestContext): Promise<ExplainReport>;
  /** The projects that the caller may read. */
  projects(context: RequestContext): Promise<readonly ServedProject[]>;
  /** Brings a project's index up to date in the background. */
  reindex(project: string, context: RequestContext): Promise<void>;
  /** Checks of projects that the caller may not read are left out; the status counts them. */
  health(context: RequestContext): Promise<HealthReport>;
  gauges(): GatewayGauges;
  close(): Promise<void>;
}
