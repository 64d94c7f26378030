import type { Evidence } from '../core/answer.ts';
import type { GeneratorInfo } from '../core/generation.ts';
import type { Hit } from '../core/retrieval.ts';
import { estimateTokens, prefixWithin } from '../text/tokens.ts';
import { mergeSpans, toSpan } from './evidence-span.ts';
import type { EvidenceSpan } from './evidence-span.ts';

/** What is told of a model's reading; a generator that could not be asked has none. */
export type ReadingSpeed = Pick<GeneratorInfo, 'contextTokens' | 'promptTokensPerSecond'>;

/** How much evidence to give, in tokens, and what it follows from. */
export interface BudgetOptions {
  /** Time that reading the evidence may take. */
  readonly readingSeconds: number;
  /** Longest answer to ask for, in tokens. */
  readonly answerTokens: number;
  /** Tokens of the prompt besides evidence. */
  readonly promptTokens: number;
}

/** Less evidence than this seldom answers anything, however slow the model reads. */
const minBudgetTokens = 1_000;
/** For a model that was never measured: a middle-sized one on an ordinary processor. */
const assumedTokensPerSecond = 75;
/** An answer never gets more than this share of the context window. */
const maxAnswerShare = 0.25;
/** Signs that a chat template puts around messages. */
const templateTokens = 64;
/** A span that must be cut to less than this is left out. */
const minCutTokens = 150;
/** The parts of a span cost this much less than the whole, at most. */
const roundingTokens = 8;

/** Longest answer that a model's context window has room for, in tokens. */
export function answerReserve(info: ReadingSpeed, answerTokens: number): number {
  return Math.min(answerTokens, Math.floor(info.contextTokens * maxAnswerShare));
}

/**
 * Tokens of evidence that a model is given: what it reads in `readingSeconds`, at least 1,000, and never more than its
 * context window has room for beside the rest of the prompt and the answer.
 */
export function evidenceBudget(info: ReadingSpeed, options: BudgetOptions): number {
  const readable = (info.promptTokensPerSecond ?? assumedTokensPerSecond) * options.readingSeconds;
  const room = info.contextTokens - answerReserve(info, options.answerTokens) - options.promptTokens - templateTokens;
  return Math.floor(Math.min(Math.max(readable, minBudgetTokens), inSteps(room)));
}

/** Rounded down by less than an eighth: a question of a few more words must not change what evidence fits. */
function inSteps(tokens: number): number {
  if (tokens < 8) return Math.max(0, tokens);
  const step = 2 ** (Math.floor(Math.log2(tokens)) - 3);
  return Math.floor(tokens / step) * step;
}

/**
 * Numbered evidence within a budget of tokens. Hits are taken best first; those that overlap or touch in a file become
 * one piece, doubles vanish, and the last that does not fit whole is cut at a line. The pieces come in reading order,
 * by file and line, so that the same set of hits makes the same prompt whatever their ranks. Files that the caller named (`named`)
 * come before the others: they stay the same when another question finds something else beside them.
 */
export function packEvidence(
  hits: readonly Hit[],
  budgetTokens: number,
  named: readonly string[] = [],
): readonly Evidence[] {
  const key = JSON.stringify([budgetTokens, named]);
  const known = packedBefore.get(hits);
  if (known?.key === key) return known.evidence;
  const evidence = pack(hits, budgetTokens, named);
  packedBefore.set(hits, { key, evidence });
  return evidence;
}

/** A question that is asked again finds the very same list of hits. */
const packedBefore = new WeakMap<readonly Hit[], { readonly key: string; readonly evidence: readonly Evidence[] }>();

function pack(hits: readonly Hit[], budgetTokens: number, named: readonly string[]): readonly Evidence[] {
  const costs = new Map<EvidenceSpan, number>();
  let packed: readonly EvidenceSpan[] = [];
  let used = 0;
  for (const hit of hits) {
    const span = toSpan(hit);
    const merged = mergeSpans([...packed, span]);
    const total = merged.reduce((sum, piece) => sum + costOf(piece, costs), 0);
    if (total <= budgetTokens) {
      packed = merged;
      used = total;
      continue;
    }
    const cut = cutSpan(span, budgetTokens - used);
    if (cut === null) continue;
    packed = mergeSpans([...packed, cut]);
    break;
  }
  return packed
    .toSorted(
      (one, other) =>
        Number(named.includes(other.path)) - Number(named.includes(one.path)) || inReadingOrder(one, other),
    )
    .map((piece, index) => ({ number: index + 1, ...piece, tokens: costOf(piece, costs) }));
}

/** Estimated tokens of a piece of evidence in a prompt: its text, and the lines that introduce it. */
function costOf(span: EvidenceSpan, known: Map<EvidenceSpan, number>): number {
  const cost = known.get(span) ?? estimateTokens(`${introduction(span)}${span.text}\n\n`);
  known.set(span, cost);
  return cost;
}

function introduction(span: EvidenceSpan): string {
  return `[00] ${span.path}:${span.startLine}-${span.endLine} (project ${span.project})\nin: ${span.context.join(' > ')}\n`;
}

function inReadingOrder(one: EvidenceSpan, other: EvidenceSpan): number {
  return (
    compareText(one.project, other.project) || compareText(one.path, other.path) || one.startLine - other.startLine
  );
}

/** By code unit: the order must not depend on the machine's language. */
function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** The first lines of a span that a budget holds, null when they would be too few to tell anything. */
function cutSpan(span: EvidenceSpan, budgetTokens: number): EvidenceSpan | null {
  const budget = budgetTokens - estimateTokens(introduction(span)) - roundingTokens;
  if (budget < minCutTokens) return null;
  const prefix = span.text.slice(0, prefixWithin(span.text, budget));
  const lastLineEnd = prefix.lastIndexOf('\n');
  if (lastLineEnd < 0) return { ...span, text: prefix, endLine: span.startLine };
  const text = prefix.slice(0, lastLineEnd);
  return { ...span, text, endLine: span.startLine + text.split('\n').length - 1 };
}
