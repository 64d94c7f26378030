import type { RouteKind } from '../../src/core/gateway/route.ts';
import type { MessageWord } from '../../src/retrieval/routing/message-words.ts';
import type { Evidence } from '../../src/retrieval/routing/query-router.ts';
import { percentile } from './percentile.ts';

/** A message with what should be decided for it. */
export interface LabelledMessage {
  /** Who wrote it, where several did. */
  readonly author?: string;
  readonly project: string;
  readonly language: string;
  readonly label: 'project' | 'general';
  readonly route: RouteKind;
  readonly kind: string;
  readonly question: string;
  readonly history?: readonly string[];
}

/** A labelled message with what was decided, from what, and how long that took. */
export interface RoutedMessage extends LabelledMessage {
  readonly decided: RouteKind;
  readonly signals: readonly number[];
  readonly words: readonly MessageWord[];
  readonly past: readonly Evidence[];
  readonly ms: number;
}

/** How often the decisions are right: retrieve or not, with a 95 % interval, by group, and which way. */
export function routerReport(routed: readonly RoutedMessage[]): Record<string, unknown> {
  const times = routed.map(({ ms }) => ms);
  const byRoute = routed.toSorted((one, other) => one.route.localeCompare(other.route));
  const confusions = Map.groupBy(byRoute, ({ route, decided }) => `${route} as ${decided}`);
  return {
    messages: routed.length,
    ...accuracy(routed),
    byLanguage: groups(routed, ({ language }) => language, accuracy),
    byProject: groups(routed, ({ project }) => project, accuracy),
    rightByKind: groups(routed, ({ label, kind }) => `${label} ${kind}`, rightShare),
    confusions: Object.fromEntries([...confusions].map(([pair, some]) => [pair, some.length])),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
}

/** Balanced accuracy with the half width of its 95 % interval (normal approximation), and the two ways to be wrong. */
function accuracy(routed: readonly RoutedMessage[]): Record<string, number> {
  const general = routed.filter(({ label }) => label === 'general');
  const project = routed.filter(({ label }) => label === 'project');
  const [kept, found] = [rightShare(general), rightShare(project)];
  const variance = (kept * (1 - kept)) / general.length + (found * (1 - found)) / project.length;
  const rounded = (value: number): number => Number(value.toFixed(4));
  return {
    balancedAccuracy: rounded((kept + found) / 2),
    plusMinus: rounded((1.96 * Math.sqrt(variance)) / 2),
    generalRetrieved: rounded(1 - kept),
    projectMissed: rounded(1 - found),
  };
}

function rightShare(routed: readonly RoutedMessage[]): number {
  const right = routed.filter(({ label, decided }) => (label === 'project') === (decided !== 'none'));
  return routed.length === 0 ? 0 : right.length / routed.length;
}

function groups<Value>(
  routed: readonly RoutedMessage[],
  groupOf: (message: RoutedMessage) => string,
  measure: (some: readonly RoutedMessage[]) => Value,
): Record<string, Value> {
  const found = Map.groupBy(routed, groupOf);
  return Object.fromEntries([...found].map(([name, some]) => [name, measure(some)]));
}
