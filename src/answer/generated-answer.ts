import type { Answer, AnswerEvent, Evidence } from '../core/answer.ts';
import { ServiceError, toServiceError } from '../core/errors.ts';
import type { GenerationEvent, GenerationRequest, Generator } from '../core/generation.ts';
import type { CitationOutcome } from './citations.ts';
import { CitationFilter } from './citations.ts';
import { toCitation } from './evidence-span.ts';

/** A model's answer with its citations checked. */
export type GeneratedAnswer = Pick<Answer, 'answer' | 'citations' | 'uncited' | 'removedCitations' | 'notices'>;

/** What is asked, of whom, and what may be cited. */
export interface GenerateOptions {
  readonly generator: Pick<Generator, 'generate'>;
  readonly request: GenerationRequest;
  readonly evidence: readonly Evidence[];
}

/** Stands where an answer breaks off, in any language. */
const cutMark = ' […]';

/**
 * Streams a model's answer as `text` events and returns it whole. A failure before the first word is returned; after
 * it, what has come is kept and marked, and a notice says why it ends there. Throws `aborted` alone.
 */
export async function* generateAnswer(
  { generator, request, evidence }: GenerateOptions,
  signal?: AbortSignal,
): AsyncGenerator<AnswerEvent, GeneratedAnswer | ServiceError> {
  const filter = new CitationFilter(evidence.length);
  const notices: string[] = [];
  let answer = '';
  let failure: ServiceError | null = null;
  try {
    for await (const event of generator.generate(request, signal)) {
      const text = event.type === 'text' ? filter.push(event.text) : '';
      answer += text;
      if (text !== '') yield { type: 'text', text };
      notices.push(...noticesOf(event, request));
    }
  } catch (error) {
    failure = toServiceError(error);
    if (failure.code === 'aborted') throw failure;
  }
  const rest = filter.end();
  if (`${answer}${rest}`.trim() === '') return failure ?? emptyAnswer();
  if (failure !== null) notices.push(`The answer breaks off. ${failure.message}`);
  const ending = failure !== null || notices.includes(lengthNotice(request)) ? `${rest}${cutMark}` : rest;
  if (ending !== '') yield { type: 'text', text: ending };
  return { answer: `${answer}${ending}`, notices, ...citations(filter.outcome(), evidence) };
}

function noticesOf(event: GenerationEvent, request: GenerationRequest): readonly string[] {
  if (event.type === 'notice') return [event.notice];
  return event.type === 'done' && event.truncated ? [lengthNotice(request)] : [];
}

function lengthNotice({ maxTokens }: GenerationRequest): string {
  return `The answer was stopped at its longest length, ${maxTokens} tokens. Allow more with --answer-tokens.`;
}

function emptyAnswer(): ServiceError {
  return new ServiceError(
    'model_unavailable',
    'The model ended without a word. Try again, or choose another model with --model.',
  );
}

/** What the answer cites; all evidence when it cites none, so that the reader can check what the model was given. */
function citations(
  { cited, removed }: CitationOutcome,
  evidence: readonly Evidence[],
): Pick<GeneratedAnswer, 'citations' | 'uncited' | 'removedCitations'> {
  const uncited = cited.length === 0;
  const named = cited.flatMap((number) => evidence.filter((piece) => piece.number === number));
  return { citations: (uncited ? evidence : named).map(toCitation), uncited, removedCitations: removed };
}
