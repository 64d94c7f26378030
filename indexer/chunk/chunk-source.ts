import type { SyntaxSpan, SyntaxUnit } from '../../grammars/syntax-tree.ts';
import type { Chunk } from '../../src/core/chunk.ts';
import { lineAt, type SourceFile } from '../../src/core/source-file.ts';
import type { Border } from './border.ts';
import type { ChunkOptions } from './chunk-options.ts';
import type { ChunkOutline } from './chunk-outline.ts';
import { labelChunks, type ChunkLabel } from './label-chunks.ts';
import { refineBorders } from './line-borders.ts';
import { isBlank, measureText, type Measure } from './measure.ts';
import { packBorders, type OwnEnds } from './pack.ts';
import { findSequenceColumns, withoutSequence } from './sequence-columns.ts';
import { syntaxBorders } from './syntax-borders.ts';

const windowLabel: ChunkLabel = { kind: 'window', name: '', context: [] };

/**
 * Cuts a file into chunks that cover its text without gap or overlap: along its syntax where an outline is given, else
 * along blank lines and indentation. Pure: the same text and outline always give the same chunks.
 */
export function chunkSource(file: SourceFile, outline: ChunkOutline | null, options: ChunkOptions): Chunk[] {
  if (file.text === '') return [];
  const measure = measureText(file.text, file.lineStarts);
  const borders = refineBorders(
    frame(outline ? syntaxBorders(outline, measure, options) : [], measure),
    measure,
    options,
  );
  const cuts = packBorders(borders, ownEnds(outline?.units ?? [], borders, options), options);
  const spans = cuts
    .slice(1)
    .map((cut, index) => ({ start: borders[cuts[index]!]!.offset, end: borders[cut]!.offset }));
  const contents = spans.map((span) => trimBlanks(file.text, span));
  const labels = outline ? labelChunks(outline, measure, contents) : spans.map(() => windowLabel);
  const columns = findSequenceColumns(file.text, file.lineStarts);
  return spans.map((span, ordinal) => ({
    ordinal,
    ...span,
    startLine: lineAt(file.lineStarts, contents[ordinal]!.start),
    endLine: lineAt(file.lineStarts, Math.max(contents[ordinal]!.start, contents[ordinal]!.end - 1)),
    ...labels[ordinal]!,
    ...(columns && { searchText: withoutSequence(file.text.slice(span.start, span.end), columns) }),
  }));
}

/** Puts the file's own start and end around the borders. */
function frame(borders: readonly Border[], measure: Measure): Border[] {
  const { text, sizes } = measure;
  const inner = borders.filter((border) => border.offset > 0 && border.offset < text.length);
  return [{ offset: 0, size: 0, level: 0 }, ...inner, { offset: text.length, size: sizes.at(-1)!, level: 0 }];
}

/** Where the definition that begins behind a border ends, if it is of a size to be a chunk of its own. */
function ownEnds(units: readonly SyntaxUnit[], borders: readonly Border[], options: ChunkOptions): OwnEnds {
  const ends: OwnEnds = new Uint32Array(borders.length);
  let border = 0;
  let outerEnd = 0;
  for (const unit of units) {
    while (border + 2 < borders.length && borders[border + 1]!.offset <= unit.start) border++;
    // A unit inside one that was not cut into, or a second one behind the same border.
    if (unit.end <= outerEnd || ends[border]! > 0) continue;
    let end = border + 1;
    while (end < borders.length - 1 && borders[end]!.offset < unit.end) end++;
    const size = borders[end]!.size - borders[border]!.size;
    if (size < options.ownChars || size > options.maxChars) continue;
    ends[border] = end;
    outerEnd = unit.end;
  }
  return ends;
}

/** A chunk without the blanks around it; the chunk itself when it is all blanks. */
function trimBlanks(text: string, { start, end }: SyntaxSpan): SyntaxSpan {
  let first = start;
  while (first < end && isBlank(text.charCodeAt(first))) first++;
  if (first === end) return { start, end };
  let last = end;
  while (isBlank(text.charCodeAt(last - 1))) last--;
  return { start: first, end: last };
}
