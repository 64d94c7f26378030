import type { Citation, Hit } from '../../../core/retrieval.ts';
import type { Found } from './find-evidence.ts';
import { checkFreshness, fileKey } from './freshness.ts';
import type { ProjectKnowledge } from './knowledge.ts';

/** How hits become what is put into a prompt. */
export interface Packing<Packed> {
  readonly pack: (hits: readonly Hit[]) => Packed;
  /** The places that were packed. */
  readonly places: (packed: Packed) => readonly Citation[];
}

/**
 * Packs what was found, and looks at the files behind what was packed, not at all that was found. What no longer exists is no evidence:
 * then it is packed anew without it.
 */
export async function packCurrent<Packed>(
  knowledge: ProjectKnowledge | null,
  found: Found,
  { pack, places }: Packing<Packed>,
): Promise<{ readonly found: Found; readonly packed: Packed }> {
  let { hits } = found;
  const changed = new Set<string>();
  const stale = new Set<string>();
  for (;;) {
    const packed = pack(hits);
    if (hits.length === 0 || knowledge === null) return { found, packed };
    const states = await checkFreshness(knowledge.indexes, places(packed));
    for (const path of states.freshness.changed) changed.add(path);
    for (const project of states.stale) stale.add(project);
    const { gone } = states;
    if (gone.size === 0) {
      const { indexedAt } = states.freshness;
      const freshness = {
        isCurrent: indexedAt !== null && changed.size === 0,
        changed: [...changed].sort(),
        indexedAt,
      };
      return { found: { ...found, hits, states: { freshness, gone, stale } }, packed };
    }
    hits = hits.filter(({ project, path }) => !gone.has(fileKey(project, path)));
  }
}
