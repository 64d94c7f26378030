import type { SyntaxNode } from '../../grammars/syntax-tree.ts';
import { lineAt } from '../../src/core/source-file.ts';
import { borderBefore, closesBlock, opensBody, type Border } from './border.ts';
import type { ChunkOptions } from './chunk-options.ts';
import type { Measure } from './measure.ts';
import type { ChunkOutline } from './chunk-outline.ts';

/** Going into a definition makes a border this much worse, so that a tail of one rarely joins the next. */
const unitStep = 4;
/** A comment that a blank line parts from its follower may be cut off, but not gladly. */
const detachedLeadStep = 2;
/** Nodes smaller than this part of the limit are not looked into. */
const smallestShare = 1 / 4;

/** A node to look into. */
interface Visit {
  readonly node: SyntaxNode;
  readonly level: number;
  readonly inUnit: boolean;
}

/** Child nodes from the head of one line to the head of another. */
interface Piece {
  readonly nodes: SyntaxNode[];
  readonly start: number;
  end: number;
}

/**
 * Borders along the syntax: the line starts at which nodes begin. Only nodes too big for one chunk are looked into, as
 * in cAST (Zhang et al. 2025, "Enhancing code retrieval-augmented generation with structural chunking via AST").
 */
export function syntaxBorders(outline: ChunkOutline, measure: Measure, options: ChunkOptions): Border[] {
  const leads = new Set(outline.leads.map((lead) => lead.start));
  const units = new Set(outline.units.map((unit) => spanKey(unit.start, unit.end)));
  const borders: Border[] = [];
  const visits: Visit[] = [{ node: outline.root, level: 1, inUnit: false }];
  for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
    const before = borders.length;
    const pieces = cutChildren(visit, { measure, leads, borders });
    const level = visit.level + (borders.length > before ? 1 : 0);
    for (const piece of pieces) {
      const size = sizeOfLines(measure, piece.start, piece.end);
      const limit = visit.inUnit ? options.maxChars : options.targetChars;
      if (size <= limit) continue;
      for (const node of bigNodes(piece, measure, limit * smallestShare)) {
        const isUnit = units.has(spanKey(node.startIndex, node.endIndex));
        if (isUnit && size <= options.maxChars) continue;
        visits.push({ node, level: level + (isUnit ? unitStep : 0), inUnit: visit.inUnit || isUnit });
      }
    }
  }
  return sortBorders(borders);
}

interface CutContext {
  readonly measure: Measure;
  /** Where comments, decorators and the like begin. */
  readonly leads: ReadonlySet<number>;
  /** Found borders are added here. */
  readonly borders: Border[];
}

/** Parts a node's children at the line starts where a border is good. */
function cutChildren(visit: Visit, { measure, leads, borders }: CutContext): Piece[] {
  const { node, level } = visit;
  let piece: Piece = { nodes: [], start: node.startIndex, end: node.endIndex };
  const pieces = [piece];
  let afterLead = false;
  for (const child of node.children) {
    const start = child.startIndex;
    const line = lineAt(measure.lines, start) - 1;
    const beginsLine = measure.firsts[line] === start;
    if (beginsLine && !closesBlock(measure, line) && !opensBody(measure, line)) {
      const border = borderBefore(measure, line, level + (afterLead ? detachedLeadStep : 0));
      // Without a blank line between, a comment and what it documents stay together.
      if (border.offset > 0 && !(afterLead && border.offset === measure.lines[line])) {
        borders.push(border);
        piece.end = border.offset;
        piece = { nodes: [], start: border.offset, end: node.endIndex };
        pieces.push(piece);
      }
    }
    piece.nodes.push(child);
    // A comment behind code on the same line belongs to that code.
    afterLead = beginsLine && leads.has(start);
  }
  return pieces;
}

/** The nodes of a piece that span lines and are big enough to be worth a look. */
function bigNodes(piece: Piece, measure: Measure, smallest: number): SyntaxNode[] {
  return piece.nodes.filter((node, index) => {
    // The next node's start is known already; asking this node for its end crosses into the parser.
    const bound = piece.nodes[index + 1]?.startIndex ?? piece.end;
    if (sizeOfLines(measure, node.startIndex, bound) < smallest) return false;
    return sizeOfLines(measure, node.startIndex, node.endIndex) >= smallest && spansLines(measure, node);
  });
}

function spansLines(measure: Measure, node: SyntaxNode): boolean {
  return lineAt(measure.lines, node.startIndex) !== lineAt(measure.lines, node.endIndex - 1);
}

/** Size of the lines that a stretch touches. */
function sizeOfLines(measure: Measure, start: number, end: number): number {
  if (end <= start) return 0;
  return measure.sizes[lineAt(measure.lines, end - 1)]! - measure.sizes[lineAt(measure.lines, start) - 1]!;
}

/** One number for a span; texts are far shorter than 2^26 characters. */
function spanKey(start: number, end: number): number {
  return start * 2 ** 26 + end;
}

/** In order, each place once, at its best level. */
function sortBorders(borders: Border[]): Border[] {
  borders.sort((left, right) => left.offset - right.offset || left.level - right.level);
  return borders.filter((border, index) => index === 0 || borders[index - 1]!.offset !== border.offset);
}
