import type { SyntaxTree } from '../../grammars/syntax-tree.ts';
import type { CodeSymbol } from '../../src/core/code-graph.ts';
import { lineAt, type SourceFile } from '../../src/core/source-file.ts';
import { signatureOf } from '../chunk/signature.ts';

/** The named definitions of a file, in order. */
export function extractSymbols(tree: Pick<SyntaxTree, 'definitions'>, file: SourceFile): CodeSymbol[] {
  return tree.definitions.map((definition) => ({
    name: definition.name,
    kind: definition.kind,
    container: definition.container,
    startLine: lineAt(file.lineStarts, definition.start),
    endLine: lineAt(file.lineStarts, Math.max(definition.start, lastOf(file.text, definition))),
    nameStart: definition.nameStart,
    signature: signatureOf(file.text, definition),
  }));
}

/** Offset of a definition's last character; some grammars count the line end behind it. */
function lastOf(text: string, { start, end }: { start: number; end: number }): number {
  let last = end - 1;
  while (last > start && text.charCodeAt(last) <= 0x20) last--;
  return last;
}
