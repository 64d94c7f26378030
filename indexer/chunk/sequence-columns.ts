/** Which columns of a fixed-format file hold sequence numbers rather than code. */
export interface SequenceColumns {
  /** Columns 1–6 (COBOL). */
  readonly left: boolean;
  /** Columns 73–80 (COBOL, JCL, assembler). */
  readonly right: boolean;
}

const columns = 80;
const leftWidth = 6;
const rightStart = 72;
/** Of the lines that say anything, so many must have the shape. */
const enoughShare = 0.8;
const fewestLines = 3;

/**
 * Finds sequence numbers by the shape of the lines: digits in the same columns of most lines, rising from line to line,
 * and no line longer than a punched card. Null for ordinary files; those are left after a few lines.
 */
export function findSequenceColumns(text: string, lineStarts: Uint32Array): SequenceColumns | null {
  const left = { hits: 0, last: '' };
  const right = { hits: 0, last: '' };
  let lines = 0;
  for (let line = 0; line < lineStarts.length; line++) {
    const content = lineContent(text, lineStarts, line);
    if (content === '') continue;
    if (content === null) return null;
    lines++;
    count(left, /^\d{6}(?=[ */dD$-]|$)/.exec(content)?.[0]);
    count(right, /^(?:[A-Z@#$ ]{0,4}\d{4,8}) *$/.exec(content.slice(rightStart))?.[0]);
    if (lines >= 20 && left.hits < lines / 2 && right.hits < lines / 2) return null;
  }
  const enough = Math.max(fewestLines, lines * enoughShare);
  const found = { left: left.hits >= enough, right: right.hits >= enough };
  return found.left || found.right ? found : null;
}

/** A line without its end; null when it is too long for a card. */
function lineContent(text: string, lineStarts: Uint32Array, line: number): string | null {
  const start = lineStarts[line]!;
  const end = lineStarts[line + 1] ?? text.length;
  if (end - start > columns + 2) return null;
  const content = text.slice(start, end).replace(/[\r\n]+$/, '');
  return content.length > columns ? null : content;
}

function count(column: { hits: number; last: string }, digits: string | undefined): void {
  if (digits === undefined) return;
  if (digits >= column.last) column.hits++;
  column.last = digits;
}

/** The text without what stands in the sequence columns. */
export function withoutSequence(text: string, { left, right }: SequenceColumns): string {
  return text.replace(/[^\r\n]+/g, (line) => {
    const code = right ? line.slice(0, rightStart) : line;
    return left && /^\d{6}/.test(code) ? ' '.repeat(leftWidth) + code.slice(leftWidth) : code;
  });
}
