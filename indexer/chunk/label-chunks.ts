import type { SyntaxSpan, SyntaxUnit } from '../../grammars/syntax-tree.ts';
import type { ChunkKind } from '../../src/core/chunk.ts';
import { lineAt } from '../../src/core/source-file.ts';
import type { ChunkOutline } from './chunk-outline.ts';
import type { Measure } from './measure.ts';
import { signatureOf } from './signature.ts';

/** The part of a chunk that a definition must fill to give the chunk its name. */
const dominantShare = 0.6;

/** What a chunk is. */
export interface ChunkLabel {
  readonly kind: ChunkKind;
  readonly name: string;
  readonly context: readonly string[];
}

/** Names the chunks of a file: what each holds and what it lies in. `spans` are the chunks without outer blanks. */
export function labelChunks(outline: ChunkOutline, measure: Measure, spans: readonly SyntaxSpan[]): ChunkLabel[] {
  const signatures = new Map<SyntaxUnit, string>();
  const signature = (unit: SyntaxUnit): string => {
    const made = signatures.get(unit) ?? signatureOf(measure.text, unit);
    signatures.set(unit, made);
    return made;
  };
  let open: SyntaxUnit[] = [];
  let next = 0;
  let nextLead = 0;
  return spans.map((span) => {
    const touching = open.filter((unit) => unit.end > span.start);
    for (; next < outline.units.length && outline.units[next]!.start < span.end; next++) {
      touching.push(outline.units[next]!);
    }
    const leads: SyntaxSpan[] = [];
    for (; nextLead < outline.leads.length && outline.leads[nextLead]!.start < span.end; nextLead++) {
      leads.push(outline.leads[nextLead]!);
    }
    open = touching.filter((unit) => unit.end > span.end);
    const inside = outermostInside(touching, span);
    const enclosing = enclosingChain(touching, span);
    const kindAndName = classify({ outline, measure, span, leads, inside, owner: enclosing.at(-1) });
    return { ...kindAndName, context: enclosing.map(signature).filter((text) => text !== '') };
  });
}

/** Units that lie in the chunk as a whole and in no other such unit. */
function outermostInside(touching: readonly SyntaxUnit[], span: SyntaxSpan): SyntaxUnit[] {
  const inside: SyntaxUnit[] = [];
  for (const unit of touching) {
    const lastEnd = inside.at(-1)?.end ?? span.start;
    if (unit.start >= lastEnd && unit.end <= span.end) inside.push(unit);
  }
  return inside;
}

/** Units that the chunk is a part of, outermost first. Where it holds the end of one and the head of the next, the bigger share wins. */
function enclosingChain(touching: readonly SyntaxUnit[], span: SyntaxSpan): SyntaxUnit[] {
  const chain: SyntaxUnit[] = [];
  for (const unit of touching) {
    if (unit.start >= span.start && unit.end <= span.end) continue;
    while (chain.length > 0 && unit.start >= chain.at(-1)!.end && overlap(unit, span) > overlap(chain.at(-1)!, span)) {
      chain.pop();
    }
    const outer = chain.at(-1);
    if (outer === undefined || unit.start < outer.end) chain.push(unit);
  }
  return chain;
}

function overlap(unit: SyntaxSpan, span: SyntaxSpan): number {
  return Math.min(unit.end, span.end) - Math.max(unit.start, span.start);
}

interface ChunkContent {
  readonly outline: ChunkOutline;
  readonly measure: Measure;
  readonly span: SyntaxSpan;
  /** Comments that begin in the chunk. */
  readonly leads: readonly SyntaxSpan[];
  readonly inside: readonly SyntaxUnit[];
  /** The innermost definition that the chunk is a part of. */
  readonly owner: SyntaxUnit | undefined;
}

function classify({ outline, measure, span, leads, inside, owner }: ChunkContent): { kind: ChunkKind; name: string } {
  if (outline.document) return { kind: 'section', name: (inside[0] ?? owner)?.name ?? '' };
  const wanted = dominantShare * sizeOf(measure, span);
  const comments = leads
    .filter((lead) => !inside.some((unit) => lead.start >= unit.start && lead.start < unit.end))
    .reduce((sum, lead) => sum + sizeOf(measure, lead), 0);
  const sizes = inside.map((unit) => sizeOf(measure, unit));
  const biggest = sizes.indexOf(Math.max(...sizes));
  if (biggest >= 0 && sizes[biggest]! + comments >= wanted) {
    return { kind: 'definition', name: inside[biggest]!.name };
  }
  const total = sizes.reduce((sum, size) => sum + size, comments);
  if (inside.length > 1 && total >= wanted) return { kind: 'members', name: '' };
  if (owner !== undefined) return { kind: 'part', name: owner.name };
  return { kind: 'code', name: '' };
}

/** Size of the lines that a stretch touches. */
function sizeOf(measure: Measure, { start, end }: SyntaxSpan): number {
  if (end <= start) return 0;
  return measure.sizes[lineAt(measure.lines, end - 1)]! - measure.sizes[lineAt(measure.lines, start) - 1]!;
}
