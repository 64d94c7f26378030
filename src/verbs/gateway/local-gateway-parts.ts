import type { EvidenceMemory } from '../../answer/conversation/evidence-memory.ts';
import type { AnswerCache } from '../../core/gateway/answer-cache.ts';
import type { Caller } from '../../core/gateway/caller.ts';
import type { ModelInfo, ModelServer } from '../../core/gateway/model-server.ts';
import type { ProjectKnowledge } from './evidence/knowledge.ts';
import type { GatewayGauges, HealthReport, ServedProject } from './gateway.ts';

/** The projects that are served, and the state of their indexes. */
export interface ServedProjects {
  /** Names, in the order they were given. */
  names(): readonly string[];
  /** What is known of the named projects now, and sentences about those that cannot be searched. */
  ready(
    names: readonly string[],
  ): Promise<{ readonly knowledge: ProjectKnowledge | null; readonly notices: readonly string[] }>;
  states(names: readonly string[]): Promise<readonly ServedProject[]>;
  reindex(name: string): void;
  /** Brings the index up to date with some files of a project soon. Where it is absent the whole project is compared. */
  look?(name: string, paths: readonly string[]): void;
}

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
