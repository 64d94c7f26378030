import { answerRequest, budget, evidenceOnly, withoutModel } from '../../answer/answer-question.ts';
import { packEvidence } from '../../answer/context-window.ts';
import { nothingFound } from '../../answer/evidence-answer.ts';
import { generateAnswer } from '../../answer/generated-answer.ts';
import type { Evidence } from '../../core/answer.ts';
import { ServiceError, toServiceError } from '../../core/errors.ts';
import type { Exchange, LorekeepOptions, RequestContext } from '../../core/gateway/exchange.ts';
import type { ChatMessage, ModelEvent, ModelInfo } from '../../core/gateway/model-server.ts';
import type { GenerationEvent, GenerationRequest } from '../../core/generation.ts';
import type { GatewayParts } from './converse.ts';
import { evidenceDecision, exchangeOf } from './exchange-of.ts';
import { findEvidence } from './evidence/find-evidence.ts';
import type { Found } from './evidence/find-evidence.ts';
import { packCurrent } from './evidence/pack-current.ts';
import { RequestCheck } from '../verify/request-check.ts';
import type { GatewayAnswerEvent, GatewayQuestion } from './gateway.ts';
import { countMessages } from './prompt-room.ts';

/** A question, as the gateway asks it. */
export interface AskedQuestion {
  readonly question: GatewayQuestion;
  readonly lorekeep: LorekeepOptions;
  /** Name as the model server knows it; null where no model is to be asked. */
  readonly model: string | null;
}

/** Little randomness: the answer should follow the evidence, yet a model that repeats itself must get out of the loop. */
const options = { temperature: 0.1, seed: 7 } as const;

/**
 * Answers a question from the projects, or, where it needs none of their code, as any chat would. A model that cannot be asked costs the
 * generated text, never the evidence.
 */
export async function* answerGatewayQuestion(
  parts: GatewayParts,
  { question, lorekeep, model }: AskedQuestion,
  context: RequestContext,
): AsyncGenerator<GatewayAnswerEvent> {
  const info = await describe(parts, model, context.signal);
  const speed = await readingSpeed(parts, info);
  const room = budget(parts, question.question, speed);
  const wanted = {
    question: question.question,
    history: [],
    isContinued: false,
    options: lorekeep,
    budget: room,
    narrowed: { ...pathOf(question), ...languageOf(question) },
  };
  const { found, packed: evidence } = await packCurrent(
    new RequestCheck(parts.knowledge?.indexes ?? []),
    await findEvidence(parts.knowledge, wanted, context.signal),
    { pack: (hits) => packEvidence(hits, room, lorekeep.files), places: (pieces) => pieces },
  );
  if (info === null || info instanceof ServiceError) {
    yield* withEvidenceAlone(parts, { context, lorekeep, found, evidence, question, failure: info });
    return;
  }
  const isPlain = found.route.kind === 'none';
  if (!isPlain && evidence.length === 0) {
    yield {
      type: 'decision',
      decision: evidenceDecision(parts, { found, evidence, context, question: question.question }),
    };
    const freshness = found.checked?.freshness ?? null;
    yield { type: 'evidence', evidence, generating: false, freshness, notices: found.notices };
    const notices = [...parts.notices, ...found.notices];
    yield { type: 'answer', answer: evidenceOnly(evidence, nothingFound, { freshness, notices }) };
    return;
  }
  const request: GenerationRequest = isPlain
    ? {
        messages: [{ role: 'user', content: question.question }],
        maxTokens: parts.answerTokens,
      }
    : answerRequest(parts, { question: question.question, evidence, model: speed });
  const exchange = await exchangeFor(parts, { request, info, found, evidence, lorekeep, context, question });
  yield { type: 'decision', decision: exchange.decision };
  const { freshness, notices } = exchange.decision;
  yield { type: 'evidence', evidence, generating: true, freshness, notices };
  const generator = { generate: () => generationEvents(exchange.events) };
  const generated = yield* generateAnswer({ generator, request, evidence }, context.signal);
  if (generated instanceof ServiceError) {
    if (isPlain) throw generated;
    yield { type: 'answer', answer: withoutModel(evidence, generated, { freshness, notices }) };
    return;
  }
  const told = { freshness, notices: [...notices, ...generated.notices] };
  yield { type: 'answer', answer: { ...generated, mode: 'generated', model: parts.askedModel, ...told } };
}

function pathOf({ path }: GatewayQuestion): { path?: string } {
  return path === undefined ? {} : { path };
}

function languageOf({ language }: GatewayQuestion): { language?: string } {
  return language === undefined ? {} : { language };
}

/** What is known of the model, or why it cannot be asked; null where none is to be asked. Only stopping is thrown. */
async function describe(
  { server }: GatewayParts,
  model: string | null,
  signal: AbortSignal,
): Promise<ModelInfo | ServiceError | null> {
  try {
    return model === null ? null : await server.describe(model, signal);
  } catch (error) {
    const failure = toServiceError(error);
    if (failure.code === 'aborted') throw failure;
    return failure;
  }
}

async function readingSpeed(
  parts: GatewayParts,
  info: ModelInfo | ServiceError | null,
): Promise<{ contextTokens: number; promptTokensPerSecond: number | null }> {
  if (info === null || info instanceof ServiceError) return { contextTokens: 4_096, promptTokensPerSecond: null };
  return { contextTokens: info.windowTokens, promptTokensPerSecond: await parts.promptSpeed(info) };
}

interface EvidenceAlone {
  readonly context: RequestContext;
  readonly lorekeep: LorekeepOptions;
  readonly found: Found;
  readonly evidence: readonly Evidence[];
  readonly question: GatewayQuestion;
  readonly failure: ServiceError | null;
}

async function* withEvidenceAlone(parts: GatewayParts, alone: EvidenceAlone): AsyncGenerator<GatewayAnswerEvent> {
  const { context, found, evidence, question, failure } = alone;
  // Without code there is nothing to show in place of an answer.
  if (failure !== null && evidence.length === 0) throw failure;
  const decision = evidenceDecision(parts, { found, evidence, context, question: question.question });
  yield { type: 'decision', decision };
  const { freshness, notices } = decision;
  yield { type: 'evidence', evidence, generating: false, freshness, notices };
  const answer =
    evidence.length === 0
      ? evidenceOnly(evidence, nothingFound, { freshness, notices })
      : withoutModel(evidence, failure, { freshness, notices });
  yield { type: 'answer', answer };
}

interface Exchanging {
  readonly request: GenerationRequest;
  readonly info: ModelInfo;
  readonly found: Found;
  readonly evidence: readonly Evidence[];
  readonly lorekeep: LorekeepOptions;
  readonly context: RequestContext;
  readonly question: GatewayQuestion;
}

async function exchangeFor(parts: GatewayParts, exchanging: Exchanging): Promise<Exchange> {
  const { request, info, found, evidence, lorekeep, context, question } = exchanging;
  const counter = await parts.server.tokenCounter(info.name, context.signal);
  const messages: readonly ChatMessage[] = request.messages;
  const call = {
    model: info.name,
    messages,
    options: { ...options, num_predict: request.maxTokens },
    // Some models think aloud by themselves; a question wants the answer.
    ...(info.capabilities.includes('thinking') ? { think: false } : {}),
  };
  return exchangeOf(parts, {
    context,
    lorekeep,
    info,
    found,
    evidence,
    call,
    question: question.question,
    promptTokens: countMessages(messages, counter),
    isExactCount: counter.isExact,
    notices: [],
    generate: (stop) => parts.server.chat(call, stop),
  });
}

async function* generationEvents(events: AsyncIterable<ModelEvent>): AsyncGenerator<GenerationEvent> {
  for await (const event of events) {
    if (event.type === 'delta') {
      if (event.text !== '') yield { type: 'text', text: event.text };
      continue;
    }
    for (const notice of event.notices ?? []) yield { type: 'notice', notice };
    const { promptTokens, outputTokens, reason } = event;
    yield { type: 'done', promptTokens, outputTokens, truncated: reason === 'length' };
  }
}
