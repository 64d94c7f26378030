import { isBlankLine, type Measure } from './measure.ts';

/** A place where a file may be cut. */
export interface Border {
  /** UTF-16 offset; a line start, except inside a line that is too long. */
  readonly offset: number;
  /** Size of everything before it, in non-blank characters. */
  readonly size: number;
  /** How deep in the syntax it lies: 0 is the file's own start and end, bigger is a worse place to cut. */
  readonly level: number;
}

/** No border is worse than this, however deep the nesting. */
export const deepestLevel = 60;

/** The border before a line: blank lines above it go with what follows. At offset 0 for the first line of content. */
export function borderBefore(measure: Measure, line: number, level: number): Border {
  let top = line;
  while (top > 0 && isBlankLine(measure, top - 1)) top--;
  return { offset: measure.lines[top]!, size: measure.sizes[top]!, level: Math.min(level, deepestLevel) };
}

const closingWords = /(?:end|fi|done|esac)\b/iy;

/** True for a line that begins by closing something: it stays with what it closes. */
export function closesBlock(measure: Measure, line: number): boolean {
  const first = measure.firsts[line]!;
  switch (measure.text.charCodeAt(first)) {
    case 0x7d: // }
    case 0x29: // )
    case 0x5d: // ]
      return true;
    case 0x3c: // </
      return measure.text.charCodeAt(first + 1) === 0x2f;
    default:
      closingWords.lastIndex = first;
      return closingWords.test(measure.text);
  }
}

/** True for a brace alone at the head of its line that opens the body of the line above. */
export function opensBody(measure: Measure, line: number): boolean {
  const { text, firsts, lines } = measure;
  if (text.charCodeAt(firsts[line]!) !== 0x7b) return false;
  let at = lines[line]! - 1;
  while (at >= 0 && text.charCodeAt(at) <= 0x20) at--;
  return at >= 0 && !',[({};:='.includes(text[at]!);
}
