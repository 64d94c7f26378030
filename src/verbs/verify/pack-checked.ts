import type { Citation, Hit } from '../../core/retrieval.ts';
import type { RequestCheck } from './request-check.ts';

/** How hits become what is given out. */
export interface Packing<Packed> {
  readonly pack: (hits: readonly Hit[]) => Packed;
  /** The places that were packed. */
  readonly places: (packed: Packed) => readonly Citation[];
}

/**
 * Packs hits, and looks at the files behind what was packed, not behind all that was found. Where one has changed, its hits are brought up
 * to date and all is packed anew: what is gone makes room for others, whose files are looked at, too.
 */
export async function packChecked<Packed>(
  check: RequestCheck,
  found: readonly Hit[],
  { pack, places }: Packing<Packed>,
): Promise<{ readonly hits: readonly Hit[]; readonly packed: Packed }> {
  let hits = found;
  for (;;) {
    const packed = pack(hits);
    // Each file is looked at once, so that this ends.
    const now = await check.bringUpToDate(hits, places(packed));
    if (now === hits) return { hits, packed };
    hits = now;
  }
}
