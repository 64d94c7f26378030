const maxDefinitions = 4;
const maxDocLines = 2;
/** A string further below a signature is no comment on it. */
const maxScannedLines = 8;
const maxLineCharacters = 160;

/** Comment signs of the languages in use, at a line's start and end. */
const commentStart =
  /^(?:\/\/[/!]?|\/\*+!?|\*(?!\/)|\*\/|#(?!\[|include|define|if|endif|pragma|import)!?|--+(?:\[\[)?|;+|%+|"""|'''|<!--|\{-)\s?/;
const commentEnd = /\s*(?:\*\/|-->|-\}|"""|'''|\]\])\s*$/;
const docString = /^[rRuU]?(?:"""|''')/;
/** Lines that say nothing of what is defined: annotations, imports, and braces alone. */
const unsaying = /^(?:@\w|#\[|\[[A-Z]\w*|#?import\b|from\s|use\s|using\s|package\s|#include|require\b|\W*$)/;

/**
 * What a piece of code defines, as lines for people: for each name its signature and the first lines of the comment
 * that documents it; without names the first line that says something.
 */
export function definitionLines(text: string, names: readonly string[]): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const places = names.map((name) => lines.findIndex((line) => !isComment(line) && line.includes(name)));
  const found = [...new Set(places)].filter((place) => place >= 0).slice(0, maxDefinitions);
  const first = lines.findIndex((line) => !isComment(line) && !unsaying.test(line));
  const shown = found.length > 0 ? found : [first];
  return shown.flatMap((place) => [...docOf(lines, place), shorten(lines[place] ?? '')]).filter((line) => line !== '');
}

/** The doc comment above a line, or the string below it that serves as one; the text's first comment for line -1. */
function docOf(lines: readonly string[], place: number): readonly string[] {
  const end = place < 0 ? lines.length : place;
  let start = end;
  while (start > 0 && isAboveDefinition(lines[start - 1] ?? '')) start -= 1;
  const above = lines.slice(start, end).filter(isComment);
  const comment = above.length > 0 ? above : docStringBelow(lines, place);
  return comment
    .map((line) => line.replace(docString, '').replace(commentStart, '').replace(commentEnd, '').trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .slice(0, maxDocLines)
    .map(shorten);
}

function isAboveDefinition(line: string): boolean {
  return isComment(line) || /^(?:@\w|#\[|\[[A-Z]\w*)/.test(line);
}

function docStringBelow(lines: readonly string[], place: number): readonly string[] {
  const below = lines.slice(place + 1, place + 1 + maxScannedLines);
  const start = below.findIndex((line) => docString.test(line));
  if (start < 0) return [];
  const rest = below.slice(start);
  const end = rest.findIndex((line, index) => /(?:"""|''')$/.test(line) && (index > 0 || line.length > 5));
  return end < 0 ? rest.slice(0, maxDocLines) : rest.slice(0, end + 1);
}

function isComment(line: string): boolean {
  return commentStart.test(line);
}

function shorten(line: string): string {
  const collapsed = line.replace(/\s+/g, ' ');
  return collapsed.length <= maxLineCharacters ? collapsed : `${collapsed.slice(0, maxLineCharacters - 1)}…`;
}
