/** The smallest piece of an answer that can be judged by itself. */
export interface AnswerUnit {
  /** `bracket` may be a citation, with the spaces before it; `verbatim` is shown as it is. */
  readonly kind: 'verbatim' | 'bracket';
  readonly source: string;
  /** Code fence that is open behind the unit, '' if none. */
  readonly fence: string;
}

export interface ReadingState {
  /** Code fence that is open in front of the text, '' if none. */
  readonly fence: string;
  /** Text before, of which the last character is enough. */
  readonly before: string;
  /** True when no more text will come. */
  readonly final: boolean;
}

/** An inline code span that is longer than this, or reaches over a line end, is taken for a stray backtick. */
const maxInlineCode = 500;
/** No citation is longer. */
const maxBracket = 80;

const plainRun = /^[^\n`~ \t[［【]+/;
const openers = '[［【';

/**
 * The next unit at the start of `text` (not empty), null when that depends on text still to come. What a unit is
 * follows from the whole text alone, never from where it was split.
 */
export function readUnit(text: string, state: ReadingState): AnswerUnit | null {
  const atLineStart = state.before.endsWith('\n');
  if (state.fence !== '') return readFenced(text, state, atLineStart);
  if (atLineStart) {
    const opening = readFenceLine(text, state.final);
    if (opening === 'undecided') return null;
    if (opening !== null) return opening;
  }
  const character = text[0] ?? '';
  if (character === '`') return readInlineCode(text, state.final);
  if (character === ' ' || character === '\t' || openers.includes(character)) return readBracket(text, state.final);
  return verbatim(plainRun.exec(text)?.[0] ?? character);
}

function verbatim(source: string, fence = ''): AnswerUnit {
  return { kind: 'verbatim', source, fence };
}

/** A line that opens fenced code, null when the line is another. */
function readFenceLine(text: string, final: boolean): AnswerUnit | 'undecided' | null {
  const lineEnd = text.indexOf('\n');
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd + 1);
  const marks = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
  const complete = lineEnd >= 0 || final;
  if (complete) return marks === undefined ? null : verbatim(line, marks);
  const mayOpen = marks !== undefined || /^[ \t]*(`*|~*)$/.test(line);
  return mayOpen ? 'undecided' : null;
}

/** Fenced code up to and with the line that closes it, or as much as is there. */
function readFenced(text: string, { fence, final }: ReadingState, atLineStart: boolean): AnswerUnit | null {
  const lineEnd = text.indexOf('\n');
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd + 1);
  const mark = fence[0] ?? '';
  if (atLineStart) {
    const closes = new RegExp(`^[ \\t]*\\${mark}{${fence.length},}[ \\t\\r]*\\n?$`).test(line);
    if (closes && (lineEnd >= 0 || final)) return verbatim(line);
    const mayClose = new RegExp(`^[ \\t]*\\${mark}*[ \\t\\r]*$`).test(line);
    if (lineEnd < 0 && mayClose && !final) return null;
  }
  return verbatim(line, fence);
}

/** A code span with its backticks, or the backticks alone where nothing closes them on the same line. */
function readInlineCode(text: string, final: boolean): AnswerUnit | null {
  const ticks = /^`+/.exec(text)?.[0] ?? '';
  if (ticks.length === text.length && !final) return null;
  const scope = text.slice(0, maxInlineCode);
  const lineEnd = scope.indexOf('\n');
  const line = lineEnd < 0 ? scope : scope.slice(0, lineEnd);
  for (const match of line.slice(ticks.length).matchAll(/`+/g)) {
    const end = ticks.length + match.index + match[0].length;
    // A run at the very end may still grow.
    if (end === text.length && !final) return null;
    if (match[0].length === ticks.length) return verbatim(text.slice(0, end));
  }
  const decided = lineEnd >= 0 || text.length >= maxInlineCode || final;
  return decided ? verbatim(ticks) : null;
}

/** Spaces with the bracket behind them; spaces alone, or the opening sign alone, where there is none. */
function readBracket(text: string, final: boolean): AnswerUnit | null {
  const spaces = /^[ \t]*/.exec(text)?.[0] ?? '';
  if (spaces.length === text.length) return final ? verbatim(text) : null;
  if (!openers.includes(text[spaces.length] ?? '')) return verbatim(spaces);
  const inside = text.slice(spaces.length + 1, spaces.length + maxBracket);
  const stop = /[\]］】[［【\n`]/.exec(inside);
  if (stop === null) {
    const decided = final || inside.length >= maxBracket - 1;
    return decided ? verbatim(text.slice(0, spaces.length + 1)) : null;
  }
  if (!']］】'.includes(stop[0])) return verbatim(text.slice(0, spaces.length + 1));
  return { kind: 'bracket', source: text.slice(0, spaces.length + 1 + stop.index + 1), fence: '' };
}
