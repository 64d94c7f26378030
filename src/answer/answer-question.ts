import type { Answer, AnswerEvent, Evidence } from '../core/answer.ts';
import { ServiceError, toServiceError } from '../core/errors.ts';
import type { GenerationRequest, Generator, GeneratorInfo } from '../core/generation.ts';
import type { Hit, Retriever, SearchRequest } from '../core/retrieval.ts';
import { estimateTokens } from '../text/tokens.ts';
import type { Freshness } from '../core/freshness.ts';
import { answerReserve, evidenceBudget, packEvidence } from './context-window.ts';
import type { ReadingSpeed } from './context-window.ts';
import { evidenceAnswer, noGenerationNotice, noRoom, nothingFound } from './evidence-answer.ts';
import { toCitation } from './evidence-span.ts';
import { generateAnswer } from './generated-answer.ts';
import { buildPrompt } from './prompt.ts';

/** What shapes a prompt and an answer. */
export interface AnswerSettings {
  /** Random text that stays the same for a while: see the prompt's marker. */
  readonly markerSecret: string;
  /** Seconds that the model may take to read the evidence. */
  readonly readingSeconds: number;
  /** Longest answer, in tokens. */
  readonly answerTokens: number;
}

/** Evidence as the files behind it are now. */
export interface CurrentEvidence {
  readonly evidence: readonly Evidence[];
  /** Null where nobody has looked. */
  readonly freshness: Freshness | null;
  readonly notices: readonly string[];
}

/** Packs hits, and sees to it that what is packed is as its files are now. */
export type PackCurrent = (
  hits: readonly Hit[],
  pack: (hits: readonly Hit[]) => readonly Evidence[],
) => Promise<CurrentEvidence>;

/** What is to be told with an answer. */
export interface Told {
  readonly freshness: Freshness | null;
  readonly notices: readonly string[];
}

/** What answering needs. */
export interface AnswerParts extends AnswerSettings {
  readonly retriever: Retriever;
  readonly packCurrent: PackCurrent;
  /** Null where the caller wants no model to be asked: then the answer is evidence only. */
  readonly generator: Generator | null;
}

/** A question with its evidence and the model that is to answer. */
export interface AnswerPlan {
  readonly question: string;
  readonly evidence: readonly Evidence[];
  readonly model: ReadingSpeed;
}

/** A question, where to look for its answer, and evidence that the caller brings along. */
export interface AnswerRequest extends SearchRequest {
  /** Whole files or parts that the caller named; they come before whatever is found. */
  readonly extraHits?: readonly Hit[];
}

/** A place this much weaker than the best one says nothing about the question; it would only blur the answer. */
const leastShareOfBest = 0.1;

/** What evidence is packed for when no model can be asked. */
const noModel: ReadingSpeed = { contextTokens: 4_096, promptTokensPerSecond: null };

/**
 * Answers a question: the evidence first, as soon as it is found, then the text as the model writes it, then the whole
 * answer. A model that cannot be asked or fails costs the generated text, never the evidence. Throws what the retriever
 * throws, and `aborted`.
 */
export async function* answerQuestion(
  parts: AnswerParts,
  request: AnswerRequest,
  signal?: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const [found, model] = await Promise.all([
    parts.retriever.search(request, signal),
    describe(parts.generator, signal),
  ]);
  const hits = [...(request.extraHits ?? []), ...relevant(found.hits)];
  const room = budget(parts, request.question, model);
  const { evidence, freshness, notices: seen } = await parts.packCurrent(hits, (some) => packEvidence(some, room));
  const ofModel = model instanceof ServiceError ? [] : (model?.notices ?? []);
  const told = { freshness, notices: [...found.notices, ...seen, ...ofModel] };
  const generating =
    evidence.length > 0 && parts.generator !== null && model !== null && !(model instanceof ServiceError);
  yield { type: 'evidence', evidence, generating, ...told };
  if (evidence.length === 0) {
    yield { type: 'answer', answer: evidenceOnly(evidence, hits.length === 0 ? nothingFound : noRoom, told) };
  } else if (parts.generator === null || model === null || model instanceof ServiceError) {
    yield { type: 'answer', answer: withoutModel(evidence, model instanceof ServiceError ? model : null, told) };
  } else {
    yield* askModel({ parts, request, evidence, told, model, generator: parts.generator }, signal);
  }
}

interface Asking {
  readonly parts: AnswerParts;
  readonly request: AnswerRequest;
  readonly evidence: readonly Evidence[];
  readonly told: Told;
  readonly model: GeneratorInfo;
  readonly generator: Generator;
}

/** The request that has a model answer a question from evidence. */
export function answerRequest(parts: AnswerSettings, { question, evidence, model }: AnswerPlan): GenerationRequest {
  const messages = buildPrompt({ question, evidence, markerSecret: parts.markerSecret });
  const maxTokens = answerReserve(model, parts.answerTokens);
  return { messages, maxTokens };
}

async function* askModel(asking: Asking, signal?: AbortSignal): AsyncGenerator<AnswerEvent> {
  const { parts, request, evidence, told, model, generator } = asking;
  const plan = answerRequest(parts, { question: request.question, evidence, model });
  const generated = yield* generateAnswer({ generator, request: plan, evidence }, signal);
  if (generated instanceof ServiceError) {
    yield { type: 'answer', answer: withoutModel(evidence, generated, told) };
    return;
  }
  const notices = [...told.notices, ...generated.notices];
  const answer = { ...generated, mode: 'generated' as const, model: model.model, freshness: told.freshness, notices };
  yield { type: 'answer', answer };
}

/** Leaves out what is far weaker than the best; expects the best first. */
export function relevant(hits: readonly Hit[]): Hit[] {
  const least = leastShareOfBest * (hits[0]?.score ?? 0);
  return hits.filter(({ score }) => score >= least);
}

/** What is known of the model, or why it cannot be asked; only stopping is thrown. */
async function describe(
  generator: Generator | null,
  signal?: AbortSignal,
): Promise<GeneratorInfo | ServiceError | null> {
  try {
    return generator === null ? null : await generator.describe(signal);
  } catch (error) {
    const failure = toServiceError(error);
    if (failure.code === 'aborted') throw failure;
    return failure;
  }
}

/** Tokens of evidence for a question; where no model can be asked, as if a small one read it. */
export function budget(parts: AnswerSettings, question: string, model: ReadingSpeed | ServiceError | null): number {
  const speed = model === null || model instanceof ServiceError ? noModel : model;
  const { readingSeconds, answerTokens } = parts;
  return evidenceBudget(speed, { readingSeconds, answerTokens, promptTokens: overhead(question) });
}

/** Estimated tokens of the prompt without its evidence. */
function overhead(question: string): number {
  const messages = buildPrompt({ question, evidence: [], markerSecret: '' });
  return messages.reduce((total, { content }) => total + estimateTokens(content), 0);
}

/** The answer that stands for the one a model could not give. */
export function withoutModel(evidence: readonly Evidence[], reason: ServiceError | null, told: Told): Answer {
  const notices = [...told.notices, noGenerationNotice(reason)];
  return evidenceOnly(evidence, evidenceAnswer(evidence), { ...told, notices });
}

/** An answer that was not generated. */
export function evidenceOnly(evidence: readonly Evidence[], answer: string, { freshness, notices }: Told): Answer {
  return {
    mode: 'evidence',
    answer,
    citations: evidence.map(toCitation),
    uncited: false,
    removedCitations: [],
    model: null,
    freshness,
    notices,
  };
}
