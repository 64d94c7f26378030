import type { Freshness } from '../freshness.ts';
import type { Citation } from '../retrieval.ts';
import type { RouteKind } from './route.ts';
import type { Caller } from './caller.ts';
import type { ModelEvent } from './model-server.ts';
import type { RequestTrace } from './trace.ts';

/** Who asks, what is noted of it, and how it is stopped. */
export interface RequestContext {
  readonly caller: Caller;
  readonly trace: RequestTrace;
  readonly signal: AbortSignal;
}

/** What a request may say to Lorekeep beside its protocol: body field `lorekeep`, headers, URL path, or model alias. */
export interface LorekeepOptions {
  /** Names of projects; empty for the ones that are served by default. */
  readonly projects: readonly string[];
  readonly retrieve: 'auto' | 'always' | 'never';
  /** Project-relative paths whose code must be in the prompt; with `never` it is the only code. */
  readonly files: readonly string[];
  /** Whether a kept answer will do; undefined: as the protocol and the options suggest. */
  readonly cache?: boolean;
  /** Adds the cited places to the end of the answer. */
  readonly citations: boolean;
}

/** What was decided for a request before a model was asked. */
export interface DecisionReport {
  readonly route: RouteKind;
  readonly reason: string;
  readonly confidence: number;
  /** Projects that were considered. */
  readonly projects: readonly string[];
  /** What of them is in the prompt. */
  readonly citations: readonly (Citation & { readonly number: number })[];
  readonly freshness: Freshness | null;
  readonly cache: 'hit' | 'miss' | 'off';
  /** Tokens of the prompt as it is sent, and whether the model's own vocabulary counted them. */
  readonly promptTokens: number;
  readonly isExactCount: boolean;
  /** Hits that found no room. */
  readonly leftOut: number;
  /** Sentences the caller must see. */
  readonly notices: readonly string[];
}

/** A model call with what Lorekeep is asked to do for it. */
export interface GatewayRequest<Call> {
  readonly call: Call;
  readonly lorekeep: LorekeepOptions;
}

/** An answer on its way. */
export interface Exchange {
  /** The name that was asked for. */
  readonly model: string;
  /** Known before the first event. */
  readonly decision: DecisionReport;
  /** Ends with `done`, or throws a ServiceError. */
  readonly events: AsyncIterable<ModelEvent>;
}
