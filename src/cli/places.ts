import { describeFreshness, type Freshness } from '../core/freshness.ts';
import type { Citation } from '../core/retrieval.ts';
import { cutToWidth, manyLines, oneLine } from './terminal-text.ts';
import type { Terminal } from './terminal.ts';

/** `path:start-end`, with the project before it where several are searched. */
export function placeOf(citation: Citation, withProject: boolean): string {
  const lines =
    citation.startLine === citation.endLine ? `${citation.startLine}` : `${citation.startLine}-${citation.endLine}`;
  const project = withProject ? `[${oneLine(citation.project)}] ` : '';
  return `${project}${oneLine(citation.path)}:${lines}`;
}

/** True when the citations are of more than one project. */
export function ofSeveralProjects(citations: readonly Citation[]): boolean {
  return new Set(citations.map((citation) => citation.project)).size > 1;
}

/** The first lines of a text, without the indentation they share, cut to a width; says how many lines are left. */
export function snippet(text: string, options: { readonly lines: number; readonly columns: number }): string[] {
  const all = manyLines(text)
    .replace(/^(\s*\n)+|\s+$/g, '')
    .split('\n');
  const shown = all.slice(0, options.lines);
  const filled = shown.filter((line) => line.trim() !== '');
  const indent = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  const cut = shown.map((line) =>
    cutToWidth(line.slice(Number.isFinite(indent) ? indent : 0).trimEnd(), options.columns),
  );
  const left = all.length - shown.length;
  return left > 0 ? [...cut, `… ${left} more line${left === 1 ? '' : 's'}`] : cut;
}

/** One dim line where the index is behind the files; nothing where it is current. */
export function tellFreshness(terminal: Terminal, freshness: Freshness): void {
  if (freshness.isCurrent) return;
  const text = `Index: ${describeFreshness(freshness)}. Code is shown as it is on disk now.`;
  terminal.note(terminal.styleNote('dim', text));
}
