import { packChecked, type Packing } from '../../verify/pack-checked.ts';
import type { RequestCheck } from '../../verify/request-check.ts';
import type { Found } from './find-evidence.ts';

/** Packs what was found as the files are now, and reports of them where the message needed any. */
export async function packCurrent<Packed>(
  check: RequestCheck,
  found: Found,
  packing: Packing<Packed>,
): Promise<{ readonly found: Found; readonly packed: Packed }> {
  const { hits, packed } = await packChecked(check, found.hits, packing);
  if (found.route.kind === 'none') return { found, packed };
  const checked = check.outcome();
  return { found: { ...found, hits, checked, notices: [...found.notices, ...checked.notices] }, packed };
}
