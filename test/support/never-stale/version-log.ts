import type { Hit } from '../../../src/core/retrieval.ts';

/** A change of one path, as the mutator logs it. Times are nanoseconds of the machine's monotonic clock, the same in all processes. */
export interface VersionEntry {
  readonly path: string;
  /** Just before the change began, and just after it was done: it became visible somewhere in between. */
  readonly before: string;
  readonly after: string;
  /** What the file holds from then on; null where there is no regular file. */
  readonly text: string | null;
}

/** When a request was on its way. */
export interface RequestWindow {
  readonly from: bigint;
  readonly to: bigint;
}

/** Says which texts a file may have held during a request. Sound: what it does not name was never there in that time. */
export class VersionLog {
  readonly #byPath: ReadonlyMap<string, readonly VersionEntry[]>;
  /** How many changes it knows. */
  readonly changes: number;

  constructor(entries: readonly VersionEntry[]) {
    this.changes = entries.length;
    this.#byPath = Map.groupBy(entries, ({ path }) => path);
  }

  /** A text is possible from the beginning of the change that made it to the end of the one that replaced it. */
  possible(path: string, { from, to }: RequestWindow): readonly string[] {
    const entries = this.#byPath.get(path) ?? [];
    return entries.flatMap(({ before, text }, index) => {
      const next = entries[index + 1];
      const isPast = next !== undefined && BigInt(next.after) < from;
      return text === null || isPast || BigInt(before) > to ? [] : [text];
    });
  }

  /** Whether the file held the hit's text at the hit's lines at some moment of the request. */
  allows(hit: Pick<Hit, 'path' | 'text' | 'startLine' | 'endLine'>, window: RequestWindow): boolean {
    return this.possible(hit.path, window).some((text) => isAt(text, hit));
  }
}

function isAt(text: string, hit: Pick<Hit, 'text' | 'startLine' | 'endLine'>): boolean {
  const blankLines = /^(?:[^\S\n]*\n)*/.exec(hit.text)?.[0] ?? '';
  const start = offsetOfLine(text, hit.startLine) - blankLines.length;
  if (start < 0 || !text.startsWith(hit.text, start)) return false;
  const lines = hit.text.slice(blankLines.length).trimEnd().split('\n').length;
  return hit.endLine === hit.startLine + lines - 1;
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf('\n', offset);
    if (end < 0) return Number.NEGATIVE_INFINITY;
    offset = end + 1;
  }
  return offset;
}
