/** Every so many blanks in a row count as one character, so that endless blanks do not make an endless chunk. */
const blanksPerChar = 64;

/** True for characters that show nothing: controls, spaces, line ends. */
export function isBlank(code: number): boolean {
  if (code <= 0x20) return true;
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

/** Sizes of a text by line, so that the size of any run of lines costs two look-ups. */
export interface Measure {
  readonly text: string;
  /** Offset of each line, and the text's length after the last. */
  readonly lines: Uint32Array;
  /** Size of everything before each line, and of the whole text after the last. */
  readonly sizes: Uint32Array;
  /** Offset of each line's first character that is not blank, or the line's end. */
  readonly firsts: Uint32Array;
}

/** Measures a text once. */
export function measureText(text: string, lineStarts: Uint32Array): Measure {
  const count = lineStarts.length;
  const lines = new Uint32Array(count + 1);
  lines.set(lineStarts);
  lines[count] = text.length;
  const sizes = new Uint32Array(count + 1);
  const firsts = new Uint32Array(count);
  let size = 0;
  let blanks = 0;
  for (let line = 0; line < count; line++) {
    const end = lines[line + 1]!;
    let first = end;
    for (let at = lines[line]!; at < end; at++) {
      if (isBlank(text.charCodeAt(at))) {
        if (++blanks % blanksPerChar === 0) size++;
      } else {
        if (first === end) first = at;
        blanks = 0;
        size++;
      }
    }
    firsts[line] = first;
    sizes[line + 1] = size;
  }
  return { text, lines, sizes, firsts };
}

/** Size of a stretch that lies within one line. */
export function sizeWithin(text: string, start: number, end: number): number {
  let size = 0;
  let blanks = 0;
  for (let at = start; at < end; at++) {
    if (!isBlank(text.charCodeAt(at))) {
      size++;
      blanks = 0;
    } else if (++blanks % blanksPerChar === 0) size++;
  }
  return size;
}

/** The offset at which a stretch has reached a size, its end if it never does. */
export function offsetOfSize(text: string, { start, end }: { start: number; end: number }, wanted: number): number {
  let size = 0;
  let blanks = 0;
  let at = start;
  for (; at < end && size < wanted; at++) {
    if (!isBlank(text.charCodeAt(at))) {
      size++;
      blanks = 0;
    } else if (++blanks % blanksPerChar === 0) size++;
  }
  return at;
}

/** True when a line holds nothing but blanks. */
export function isBlankLine(measure: Measure, line: number): boolean {
  return measure.firsts[line] === measure.lines[line + 1];
}
