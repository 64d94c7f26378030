import type { SyntaxTree } from '../../grammars/syntax-tree.ts';

/** What the chunker needs of a syntax tree. */
export type ChunkOutline = Pick<SyntaxTree, 'root' | 'units' | 'leads' | 'document'>;
