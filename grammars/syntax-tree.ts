import type { ReferenceKind, SymbolKind } from '../src/core/code-graph.ts';
import type { DegradeReason } from '../src/core/source-file.ts';

/** A node of a syntax tree. Each property asks the parser anew: keep what you need again. Offsets are UTF-16. */
export interface SyntaxNode {
  readonly type: string;
  /** False for tokens such as brackets and keywords. */
  readonly isNamed: boolean;
  readonly startIndex: number;
  readonly endIndex: number;
  /** All children in order, tokens included. */
  readonly children: readonly SyntaxNode[];
}

/** A stretch of text in UTF-16 offsets, end exclusive. */
export interface SyntaxSpan {
  readonly start: number;
  readonly end: number;
}

/** A function, type, rule, section …: what a chunk should be or start with. */
export interface SyntaxUnit extends SyntaxSpan {
  /** Where its statements or members begin; equals `end` where it has none. */
  readonly bodyStart: number;
  /** '' where it has none. */
  readonly name: string;
}

/** A named definition. */
export interface Definition extends SyntaxSpan {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Names of the enclosing definitions joined with '.', '' at the top level. */
  readonly container: string;
  readonly nameStart: number;
  /** Where its body begins; equals `end` where it has none. */
  readonly bodyStart: number;
}

/** A place that names something defined elsewhere. */
export interface ReferenceSite {
  readonly name: string;
  readonly kind: ReferenceKind;
  readonly start: number;
}

/** What the queries of a language found in a text, everything by start, of two that start together the longer first. */
export interface Outline {
  /** One inside another never shares its end and body with it. */
  readonly units: readonly SyntaxUnit[];
  /** Comments, decorators and attributes: they belong to what follows. */
  readonly leads: readonly SyntaxSpan[];
  readonly definitions: readonly Definition[];
  /** Empty unless they were asked for. */
  readonly references: readonly ReferenceSite[];
}

/** A parsed text. It holds memory that is not collected: `close` it. The outline stays valid afterwards. */
export interface SyntaxTree extends Outline {
  readonly root: SyntaxNode;
  /** True for documents and data: their units are sections, not definitions. */
  readonly document: boolean;
  close(): void;
}

/** A tree, or why there is none. */
export type ParseOutcome =
  | { readonly tree: SyntaxTree }
  | { readonly failed: Extract<DegradeReason, 'parse_budget' | 'parser_failed'> };
