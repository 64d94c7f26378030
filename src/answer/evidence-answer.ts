import type { Evidence } from '../core/answer.ts';
import type { ServiceError } from '../core/errors.ts';
import { definitionLines } from './definition-lines.ts';

/** Where each piece of evidence lies, in reading order, with what is defined there and what its author says of it. */
export function evidenceAnswer(evidence: readonly Evidence[]): string {
  return evidence.map(describePlace).join('\n');
}

/** The one line that tells why there is no generated answer and how to get one; null where the caller wanted none. */
export function noGenerationNotice(reason: ServiceError | null): string {
  if (reason === null) return 'No model was asked: this is the evidence alone.';
  return `No answer was generated, only evidence is shown. ${reason.message}`;
}

/** Said when nothing was found. */
export const nothingFound =
  'Nothing in the index matches this question. Try other words or the name of a function or file, ' +
  'or look at what is indexed with `lorekeep status`.';

/** Said when there is evidence but no room for any of it. */
export const noRoom =
  "The model's context window has no room for evidence beside this question. " +
  'Ask a shorter question, or choose a model with a larger context.';

function describePlace({ number, path, startLine, endLine, context, names, text }: Evidence): string {
  const within = context.length === 0 ? [] : [`in ${context.join(' > ')}`];
  const details = [...within, ...definitionLines(text, names ?? [])];
  return [`[${number}] ${path}:${startLine}-${endLine}`, ...details.map((line) => `    ${line}`)].join('\n');
}
