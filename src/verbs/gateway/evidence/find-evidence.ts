import { relevant } from '../../../answer/answer-question.ts';
import type { LorekeepOptions } from '../../../core/gateway/exchange.ts';
import type { Hit } from '../../../core/retrieval.ts';
import type { Route } from '../../../core/gateway/route.ts';
import { searchQuestion } from '../../../retrieval/routing/follow-up.ts';
import { indexNotices } from '../../search.ts';
import type { CheckOutcome } from '../../verify/request-check.ts';
import type { ProjectKnowledge } from './knowledge.ts';
import { servedFiles } from './served-files.ts';

/** A message with what was said before it, and what the request wants of the projects. */
export interface Wanted {
  readonly question: string;
  readonly history: readonly string[];
  /** True for turns that never retrieve, such as a tool's result. */
  readonly isContinued: boolean;
  readonly options: LorekeepOptions;
  /** Tokens that the evidence may take. */
  readonly budget: number;
  /** Where to look alone. */
  readonly narrowed?: { readonly path?: string; readonly language?: string };
}

/** What was decided and found for a message. */
export interface Found {
  readonly route: Route;
  readonly hits: readonly Hit[];
  /** What the files behind what was packed of it are now; null before, and where no code is needed. */
  readonly checked: CheckOutcome | null;
  readonly notices: readonly string[];
}

/** A chunk costs some 150 tokens with its head, seldom less than these. */
const leastTokens = 60;
const hitLimits = { least: 10, most: 60 } as const;

/** How many hits are worth reading for so many tokens of evidence. */
function hitsFor(budgetTokens: number): number {
  return Math.min(hitLimits.most, Math.max(hitLimits.least, Math.ceil(budgetTokens / leastTokens)));
}

/** Decides whether a message needs code of the projects, and finds it. Files that a request names are given also where it wants no search. */
export async function findEvidence(
  knowledge: ProjectKnowledge | null,
  wanted: Wanted,
  signal?: AbortSignal,
): Promise<Found> {
  const route = await routeFor(knowledge, wanted, signal);
  if (route.kind === 'none' || knowledge === null) return { route, hits: [], checked: null, notices: [] };
  const { options, question, history } = wanted;
  const paths = [...new Set([...options.files, ...route.files])];
  const search = { ...wanted.narrowed, question: searchQuestion(question, history), limit: hitsFor(wanted.budget) };
  const [named, found] = await Promise.all([
    servedFiles(paths, question, knowledge.indexes),
    options.retrieve === 'never' ? { hits: [], notices: [] } : knowledge.search(search, signal),
  ]);
  const searched = relevantOf(found.hits);
  // The list itself, where it can be: what was made of it before is found again by it.
  const hits = named.hits.length === 0 ? searched : [...named.hits, ...searched];
  const notices = [...indexNotices(knowledge.indexes), ...named.notices, ...found.notices];
  return { route, hits, checked: null, notices };
}

const relevantBefore = new WeakMap<readonly Hit[], readonly Hit[]>();

function relevantOf(hits: readonly Hit[]): readonly Hit[] {
  const known = relevantBefore.get(hits) ?? relevant(hits);
  relevantBefore.set(hits, known);
  return known;
}

async function routeFor(knowledge: ProjectKnowledge | null, wanted: Wanted, signal?: AbortSignal): Promise<Route> {
  const { question, history, isContinued, options } = wanted;
  const isNever = options.retrieve === 'never';
  if (isNever && options.files.length === 0) return without('The request asked for no code.');
  if (knowledge === null || knowledge.indexes.length === 0) return without('No project is ready to be searched.');
  if (isContinued) return without('The turn goes on from an answer or from the result of a tool.');
  if (question.trim() === '') return without('The message is empty.');
  if (isNever)
    return { kind: 'files', reason: 'The request names files, and wants no others.', confidence: 1, files: [] };
  const { route } = await knowledge.decide({ question, history }, signal);
  if (options.files.length > 0) {
    return { kind: 'files', reason: 'The request names files.', confidence: 1, files: route.files };
  }
  if (options.retrieve === 'auto' || route.kind !== 'none') return route;
  return { kind: 'hybrid', reason: 'The request asked for the code of the project.', confidence: 1, files: [] };
}

function without(reason: string): Route {
  return { kind: 'none', reason, confidence: 1, files: [] };
}
