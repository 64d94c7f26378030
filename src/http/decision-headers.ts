import { describeFreshness } from '../core/freshness.ts';
import type { DecisionReport } from '../core/gateway/exchange.ts';

/** Servers and proxies refuse heads that are much longer. */
const maxListCharacters = 4_000;

/** What was decided, for protocols that have no place for it in the body. Values are percent-encoded where they are not plain ASCII. */
export function decisionHeaders(decision: DecisionReport): Readonly<Record<string, string>> {
  const { freshness, notices, projects } = decision;
  const isOneProject = projects.length <= 1;
  return {
    'x-lorekeep-route': decision.route,
    'x-lorekeep-reason': plain(decision.reason),
    'x-lorekeep-confidence': decision.confidence.toFixed(2),
    'x-lorekeep-cache': decision.cache,
    'x-lorekeep-prompt-tokens': `${decision.isExactCount ? '' : '~'}${decision.promptTokens}`,
    ...some('x-lorekeep-project', projects),
    ...some(
      'x-lorekeep-citations',
      decision.citations.map(
        ({ number, project, path, startLine, endLine }) =>
          `[${number}] ${isOneProject ? '' : `${project}: `}${path}:${startLine}-${endLine}`,
      ),
    ),
    ...(decision.leftOut === 0 ? {} : { 'x-lorekeep-left-out': String(decision.leftOut) }),
    ...(freshness === null ? {} : { 'x-lorekeep-freshness': describeFreshness(freshness) }),
    ...some('x-lorekeep-notices', notices),
  };
}

function some(name: string, values: readonly string[]): Readonly<Record<string, string>> {
  if (values.length === 0) return {};
  let text = '';
  for (const value of values.map(plain)) {
    if (text.length + value.length > maxListCharacters) return { [name]: `${text}, ...` };
    text += text === '' ? value : `, ${value}`;
  }
  return { [name]: text };
}

/** Printable ASCII as it is; the rest, and what separates values, percent-encoded. Half a character, which no encoding has, shows as U+FFFD. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^ -~]|[%,]/gu, (character) => (character === ',' ? '%2C' : encodeURIComponent(character)));
}
