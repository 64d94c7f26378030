import { citationFooter } from '../../answer/conversation/citation-footer.ts';
import { toCitation } from '../../answer/evidence-span.ts';
import type { Evidence } from '../../core/answer.ts';
import type { AnswerCache } from '../../core/gateway/answer-cache.ts';
import type { DecisionReport, Exchange, LorekeepOptions, RequestContext } from '../../core/gateway/exchange.ts';
import type { ChatCall, CompletionCall, ModelEvent, ModelInfo, ModelServer } from '../../core/gateway/model-server.ts';
import { sha256 } from '../../core/hash.ts';
import type { Citation } from '../../core/retrieval.ts';
import type { Found } from './evidence/find-evidence.ts';
import { watchedEvents } from './watched-events.ts';

/** What every exchange with a model takes. */
export interface ExchangeParts {
  /** Waits its turn, and is guarded against servers that hang. */
  readonly server: ModelServer;
  readonly cache: AnswerCache;
  /** Name that the client used for the model. */
  readonly askedModel: string;
  /** Projects that the request is about. */
  readonly projects: readonly string[];
  /** Told of files that were looked at and differ from the index: it should be brought up to date there. */
  readonly onChanged: (project: string, paths: readonly string[]) => void;
  /** Sentences that hold for every request, for example about projects that are not ready. */
  readonly notices: readonly string[];
  readonly now: () => Date;
}

/** A call that is ready to be sent, and what led to it. */
export interface PreparedCall {
  readonly context: RequestContext;
  readonly lorekeep: LorekeepOptions;
  readonly info: ModelInfo;
  readonly found: Found;
  readonly call: ChatCall | CompletionCall;
  readonly question: string;
  /** Everything that stands in the prompt. */
  readonly evidence: readonly Evidence[];
  readonly promptTokens: number;
  readonly isExactCount: boolean;
  readonly notices: readonly string[];
  readonly generate: (signal: AbortSignal) => AsyncIterable<ModelEvent>;
}

/** Changes when the texts that Lorekeep puts around evidence do. */
const promptVersion = '1';

/** Looks for a kept answer, else asks the model, and reports what was decided. */
export function exchangeOf(parts: ExchangeParts, prepared: PreparedCall): Exchange {
  const { context, lorekeep, info } = prepared;
  const isWanted = wantsCache(prepared);
  const key = isWanted ? answerKey(parts, prepared) : '';
  const { verdict, events } = parts.cache.answer({ key, isWanted }, prepared.generate, context.signal);
  const notices = [...prepared.notices, ...info.notices];
  const decision = decisionReport(parts, { ...prepared, notices }, verdict);
  note(prepared, decision);
  context.trace.model = info.name;
  context.trace.modelDigest = info.digest;
  const footer =
    lorekeep.citations && isProse(prepared.call) ? citationFooter(decision.citations, decision.freshness) : '';
  const { promptTokens, isExactCount } = prepared;
  return {
    model: parts.askedModel,
    decision,
    events: watchedEvents(events, { trace: context.trace, info, footer, promptTokens, isExactCount, now: parts.now }),
  };
}

/** Behind JSON, or code that fills a hole, more text would be wrong. */
function isProse(call: ChatCall | CompletionCall): boolean {
  return (
    call.format === undefined &&
    !('suffix' in call && call.suffix !== undefined && call.suffix !== '') &&
    !('raw' in call && call.raw)
  );
}

/**
 * A kept answer is given only where the request is meant to repeat: it says so, or it takes the chance out of the answer. Else
 * "regenerate" would not.
 */
function wantsCache({ lorekeep, call }: PreparedCall): boolean {
  return lorekeep.cache ?? (call.options['temperature'] === 0 || call.options['seed'] !== undefined);
}

function answerKey(parts: ExchangeParts, { context, info, call, found, evidence }: PreparedCall): string {
  const { kind, files } = found.route;
  return parts.cache.key({
    promptVersion,
    scope: context.caller.projects,
    projects: parts.projects,
    model: info,
    call,
    route: { kind, files },
    // As they are now: a file that has changed elsewhere changes no answer.
    evidence: evidence.map(({ text, ...span }) => ({ ...toCitation({ text, ...span }), hash: sha256(text) })),
  });
}

/** What is reported, and noted, where no model is asked. */
export function evidenceDecision(
  parts: ExchangeParts,
  asked: Pick<PreparedCall, 'found' | 'evidence' | 'context' | 'question'>,
): DecisionReport {
  const decision = decisionReport(parts, { ...asked, promptTokens: 0, isExactCount: true, notices: [] }, 'off');
  note(asked, decision);
  return decision;
}

function decisionReport(
  parts: ExchangeParts,
  prepared: Pick<PreparedCall, 'found' | 'evidence' | 'promptTokens' | 'isExactCount' | 'notices'>,
  cache: DecisionReport['cache'],
): DecisionReport {
  const { found, evidence, promptTokens, isExactCount, notices } = prepared;
  const { kind, reason, confidence } = found.route;
  for (const [project, paths] of found.checked?.changed ?? []) parts.onChanged(project, paths);
  return {
    route: kind,
    reason,
    confidence,
    cache,
    promptTokens,
    isExactCount,
    projects: parts.projects,
    citations: evidence.map(toCitation),
    freshness: found.checked?.freshness ?? null,
    leftOut: found.hits.filter((hit) => !evidence.some((piece) => isWithin(hit, piece))).length,
    notices: [...new Set([...parts.notices, ...found.notices, ...notices])],
  };
}

function isWithin(hit: Citation, piece: Citation): boolean {
  return (
    hit.project === piece.project &&
    hit.path === piece.path &&
    hit.startLine >= piece.startLine &&
    hit.endLine <= piece.endLine
  );
}

/** For the audit log: who sent what where. */
function note(
  { context, question, evidence }: Pick<PreparedCall, 'context' | 'question' | 'evidence'>,
  decision: DecisionReport,
): void {
  const { trace } = context;
  trace.projects = decision.projects;
  trace.decision = decision.route;
  trace.cache = decision.cache;
  trace.sent = evidence.map(({ project, path, startLine, endLine }) => `${project}/${path}:${startLine}-${endLine}`);
  trace.question = question;
  trace.questionHash = sha256(question);
}
