import type { Answer, Evidence } from '../core/answer.ts';
import type { Citation, Hit } from '../core/retrieval.ts';

/** A run of lines of one file. */
export interface EvidenceSpan extends Citation {
  readonly context: readonly string[];
  /** Names of the definitions in it, in order. */
  readonly names: readonly string[];
  /** Without blank lines at either end, so that its first line is `startLine`. */
  readonly text: string;
}

/** The span of a hit: a chunk may begin and end with blank lines, which its line numbers do not count. */
export function toSpan({ project, path, startLine, endLine, context, name, text }: Hit): EvidenceSpan {
  const trimmed = text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
  const names = name === '' ? [] : [name];
  return { project, path, startLine, endLine, context, names, text: trimmed };
}

/** Joins spans of one file that overlap or touch; the others stay as they are. */
export function mergeSpans(spans: readonly EvidenceSpan[]): readonly EvidenceSpan[] {
  const merged: EvidenceSpan[] = [];
  for (const span of spans.toSorted((one, other) => one.startLine - other.startLine)) {
    const index = merged.findIndex((earlier) => isSameFile(earlier, span) && span.startLine <= earlier.endLine + 1);
    const earlier = merged[index];
    const joined = earlier === undefined ? null : join(earlier, span);
    if (joined === null) merged.push(span);
    else merged[index] = joined;
  }
  return merged;
}

function isSameFile(one: Citation, other: Citation): boolean {
  return one.project === other.project && one.path === other.path;
}

/** Two spans as one, null when their lines cannot be matched. `later` starts at or behind the start of `earlier`. */
function join(earlier: EvidenceSpan, later: EvidenceSpan): EvidenceSpan | null {
  const names = [...new Set([...earlier.names, ...later.names])];
  if (later.endLine <= earlier.endLine && earlier.text.includes(later.text)) return { ...earlier, names };
  const first = earlier.text.split('\n');
  const second = later.text.split('\n');
  // Pieces of one line, or text that was made elsewhere, have no lines to go by.
  if (!hasItsLines(earlier, first) || !hasItsLines(later, second)) return null;
  const shared = earlier.endLine - later.startLine + 1;
  if (!agree(first.slice(first.length - shared), second.slice(0, shared))) return null;
  const text = [...first, ...second.slice(shared)].join('\n');
  return {
    ...earlier,
    endLine: Math.max(earlier.endLine, later.endLine),
    context: commonStart(earlier.context, later.context),
    names,
    text,
  };
}

function hasItsLines(span: EvidenceSpan, lines: readonly string[]): boolean {
  return lines.length === span.endLine - span.startLine + 1;
}

/** White space is no difference: the first line of a span has lost its indentation if its chunk began behind it. */
function agree(one: readonly string[], other: readonly string[]): boolean {
  return one.every((line, index) => line.trim() === (other[index] ?? line).trim());
}

function commonStart(one: readonly string[], other: readonly string[]): readonly string[] {
  const end = one.findIndex((signature, index) => signature !== other[index]);
  return end < 0 ? one : one.slice(0, end);
}

/** Where a piece of evidence lies, without its text. */
export function toCitation({ number, project, path, startLine, endLine }: Evidence): Answer['citations'][number] {
  return { number, project, path, startLine, endLine };
}
