export const symbolKinds = [
  'class',
  'interface',
  'type',
  'enum',
  'function',
  'method',
  'constructor',
  'field',
  'constant',
  'variable',
  'module',
  'macro',
  'section',
  'table',
  'property',
] as const;
export type SymbolKind = (typeof symbolKinds)[number];

/** A named definition in a source file. */
export interface CodeSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Names of the enclosing definitions joined with '.', '' at the top level. */
  readonly container: string;
  /** 1-based, inclusive; the whole definition. */
  readonly startLine: number;
  readonly endLine: number;
  /** UTF-16 offset of the name. */
  readonly nameStart: number;
  /** The definition's head up to its body, white space collapsed, at most 200 characters. */
  readonly signature: string;
}

export const referenceKinds = ['call', 'type', 'import', 'use'] as const;
export type ReferenceKind = (typeof referenceKinds)[number];
