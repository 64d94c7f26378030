import { lineAt } from '../../src/core/source-file.ts';
import { borderBefore, closesBlock, deepestLevel, type Border } from './border.ts';
import type { ChunkOptions } from './chunk-options.ts';
import { isBlankLine, offsetOfSize, sizeWithin, type Measure } from './measure.ts';

/** How much better a border after a blank line is, in levels. */
const blankLineGain = 3;
const maxIndentLevel = 8;
const tabWidth = 4;

/** Adds borders wherever two neighbours lie too far apart: at lines, then inside lines that are too long. */
export function refineBorders(borders: readonly Border[], measure: Measure, options: ChunkOptions): Border[] {
  const refined: Border[] = [borders[0]!];
  for (let index = 1; index < borders.length; index++) {
    const next = borders[index]!;
    const previous = borders[index - 1]!;
    if (next.size - previous.size > options.maxChars) addLineBorders(refined, next, { measure, options });
    refined.push(next);
  }
  return refined;
}

interface RefineContext {
  readonly measure: Measure;
  readonly options: ChunkOptions;
}

/** Every line between the last border and the next: those after blank lines and with little indentation are best. */
function addLineBorders(borders: Border[], next: Border, context: RefineContext): void {
  const { measure, options } = context;
  const from = borders[borders.length - 1]!;
  const base = Math.max(from.level, next.level) + 1;
  const lastLine = lineAt(measure.lines, next.offset - 1) - 1;
  for (let line = lineAt(measure.lines, from.offset) - 1; line <= lastLine; line++) {
    if (isBlankLine(measure, line)) {
      addBlankBorder(borders, line, context);
      continue;
    }
    const border = lineBorder(measure, line, base);
    const previous = borders[borders.length - 1]!;
    if (border.offset > previous.offset) borders.push(border);
    // A long run of blank lines was cut already: its end is where this line begins.
    else if (border.offset < previous.offset) borders.push(borderAt(measure, line));
    if (measure.sizes[line + 1]! - measure.sizes[line]! > options.maxLineChars) addTokenBorders(borders, line, context);
  }
}

function lineBorder(measure: Measure, line: number, base: number): Border {
  if (closesBlock(measure, line)) return borderBefore(measure, line, deepestLevel);
  const afterGap = line > 0 && isWordless(measure, line - 1);
  return borderBefore(measure, line, base + indentLevel(measure, line) + (afterGap ? 0 : blankLineGain));
}

/** True for blank lines, bare comment markers and rules: what parts paragraphs, also inside comments. */
function isWordless(measure: Measure, line: number): boolean {
  for (let at = measure.firsts[line]!; at < measure.lines[line + 1]!; at++) {
    const code = measure.text.charCodeAt(at);
    if (code >= 0x80 || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a))
      return false;
  }
  return true;
}

function indentLevel(measure: Measure, line: number): number {
  let width = 0;
  for (let at = measure.lines[line]!; at < measure.firsts[line]!; at++) {
    width += measure.text.charCodeAt(at) === 9 ? tabWidth : 1;
  }
  return Math.min(maxIndentLevel, width >> 1);
}

/** Thousands of blank lines in a row are cut as well. */
function addBlankBorder(borders: Border[], line: number, { measure, options }: RefineContext): void {
  const previous = borders[borders.length - 1]!;
  if (measure.sizes[line]! - previous.size >= options.targetChars) borders.push(borderAt(measure, line));
}

function borderAt(measure: Measure, line: number): Border {
  return { offset: measure.lines[line]!, size: measure.sizes[line]!, level: deepestLevel };
}

/** Borders between the tokens of a line that is too long, at most a target apart. */
function addTokenBorders(borders: Border[], line: number, { measure, options }: RefineContext): void {
  const { text } = measure;
  const end = measure.lines[line + 1]!;
  let at = measure.lines[line]!;
  let size = measure.sizes[line]!;
  for (;;) {
    const reach = offsetOfSize(text, { start: at, end }, options.targetChars);
    if (reach === end) return;
    const cut = tokenBorder(text, at, reach);
    size += sizeWithin(text, at, cut);
    borders.push({ offset: cut, size, level: deepestLevel });
    at = cut;
  }
}

const wordCharacter = /[\p{L}\p{N}_$]/u;

/** The last offset in the second half of a stretch where a token ends; its end if it is one long token. */
function tokenBorder(text: string, start: number, reach: number): number {
  const earliest = start + ((reach - start) >> 1);
  for (let at = reach; at > earliest; at--) {
    if (splitsPair(text, at)) continue;
    if (!(wordCharacter.test(text[at - 1]!) && wordCharacter.test(text[at]!))) return at;
  }
  return splitsPair(text, reach) ? reach - 1 : reach;
}

/** True between the halves of a surrogate pair. */
function splitsPair(text: string, at: number): boolean {
  return (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
