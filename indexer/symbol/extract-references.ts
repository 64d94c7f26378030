import type { SyntaxTree } from '../../grammars/syntax-tree.ts';
import type { Reference } from '../../src/core/code-graph.ts';
import { lineAt, type SourceFile } from '../../src/core/source-file.ts';

/** The places of a file that name something, in order; a name that a line mentions twice in the same way counts once. */
export function extractReferences(tree: Pick<SyntaxTree, 'references'>, file: SourceFile): Reference[] {
  const seen = new Set<string>();
  const references: Reference[] = [];
  for (const { name, kind, start } of tree.references) {
    const line = lineAt(file.lineStarts, start);
    const key = `${line} ${kind} ${name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    references.push({ name, kind, line });
  }
  return references;
}
