import type { Hit } from '../../core/retrieval.ts';
import { lineAt } from '../../core/source-file.ts';

/** A text with the offsets at which its lines start. */
export interface LinedText {
  readonly text: string;
  readonly lineStarts: Uint32Array;
}

/** A run of whole lines. Offsets are UTF-16, end exclusive; lines are 1-based, inclusive. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * Finds where the exact texts of hits lie in a file by now: whole lines, nearest to where they were. Blank lines around them do not count.
 * Hits that are not found are left out; no two are found at the same place. Pure.
 */
export function relocate<Placed extends Pick<Hit, 'text' | 'startLine'>>(
  now: LinedText,
  hits: readonly Placed[],
): ReadonlyMap<Placed, LineSpan> {
  const spans = new Map<Placed, LineSpan>();
  const taken = new Set<number>();
  // In their order in the file, so that equal texts keep theirs.
  for (const hit of hits.toSorted((one, other) => one.startLine - other.startLine)) {
    const core = withoutBlankEnds(hit.text);
    const [nearest] = placesOf(core, now)
      .filter(({ start }) => !taken.has(start))
      .toSorted((one, other) => Math.abs(one.startLine - hit.startLine) - Math.abs(other.startLine - hit.startLine));
    if (nearest === undefined) continue;
    taken.add(nearest.start);
    spans.set(hit, nearest);
  }
  return spans;
}

/** A text from its first line with content on, without white space at its end. */
function withoutBlankEnds(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}

/** Wherever a text makes up whole lines. */
function placesOf(core: string, now: LinedText): LineSpan[] {
  const places: LineSpan[] = [];
  if (core === '') return places;
  for (let at = now.text.indexOf(core); at >= 0; at = now.text.indexOf(core, at + 1)) {
    const startLine = lineAt(now.lineStarts, at);
    if (now.lineStarts[startLine - 1] !== at) continue;
    const last = at + core.length - 1;
    const endLine = lineAt(now.lineStarts, last);
    const end = now.lineStarts[endLine] ?? now.text.length;
    if (now.text.slice(last + 1, end).trim() === '') places.push({ start: at, end, startLine, endLine });
  }
  return places;
}
