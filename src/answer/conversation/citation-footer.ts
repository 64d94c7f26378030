import { describeFreshness, type Freshness } from '../../core/freshness.ts';
import type { Citation } from '../../core/retrieval.ts';

/** Begins the footer; known again when a client sends an answer back as part of a conversation. */
const heading = '\n\n---\nEvidence (Lorekeep):\n';

/** The places that an answer may cite and how up to date they are, as text behind it; '' where there are none. */
export function citationFooter(
  citations: readonly (Citation & { readonly number: number })[],
  freshness: Freshness | null,
): string {
  if (citations.length === 0) return '';
  const lines = citations.map(
    ({ number, project, path, startLine, endLine }) => `[${number}] ${project}: ${path}:${startLine}-${endLine}`,
  );
  const state = freshness === null ? [] : [`Index: ${describeFreshness(freshness)}`];
  return `${heading}${[...lines, ...state].join('\n')}\n`;
}

/** An answer as the model wrote it: what a server has read of a conversation stays in its cache only if it comes back unchanged. */
export function withoutFooter(answer: string): string {
  const start = answer.lastIndexOf(heading.trimEnd());
  return start < 0 ? answer : answer.slice(0, start);
}
