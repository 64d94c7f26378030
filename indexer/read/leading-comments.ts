/** How a line comment begins, in any of the languages around; `*` and quotes continue or open a block. */
const lineComment = /^\s*(?:\/\/|\*|#|--|;|%|!|'|rem\b|@rem\b|dnl\b)/i;

/** Block comments: how they open and close. */
const blocks: readonly (readonly [open: string, close: string])[] = [
  ['/*', '*/'],
  ['<!--', '-->'],
  ['"""', '"""'],
  ["'''", "'''"],
  ['{-', '-}'],
  ['(*', '*)'],
  ['=begin', '=end'],
  ['<#', '#>'],
  ['--[[', ']]'],
];

/** What may stand before the first comment without ending the search. */
const prologue = /^\s*(?:$|<\?(?:php|xml)|["']use strict["']|package\s[\w.]+;?\s*$|<!doctype|@echo off|---\s*$)/i;

const maxLines = 40;

/**
 * The comments a text begins with, line by line: '' for blank lines and the like between them. Ends at the first line
 * of code. Languages are not told apart: what looks like a comment in any of them is one.
 */
export function leadingComments(text: string): readonly string[] {
  const comments: string[] = [];
  let close = '';
  for (const line of text.split(/\r\n|\r|\n/, maxLines)) {
    const isPrologue = close === '' && prologue.test(line);
    if (close !== '') {
      if (line.includes(close)) close = '';
    } else if (!isPrologue) {
      const block = blocks.find(([open]) => line.trimStart().startsWith(open));
      if (block !== undefined) close = closes(line, block) ? '' : block[1];
      else if (!lineComment.test(line)) return comments;
    }
    comments.push(isPrologue ? '' : line);
  }
  return comments;
}

function closes(line: string, [open, close]: readonly [string, string]): boolean {
  return line.indexOf(close, line.indexOf(open) + open.length) >= 0;
}
