/** Usual constants of BM25, the ones LanceDB uses too. */
const termSaturation = 1.2;
const lengthShare = 0.75;

/** How often a term occurs in a chunk, and how long that is compared with others. Lengths are numbers of terms. */
export interface TermOccurrence {
  readonly frequency: number;
  readonly length: number;
  readonly meanLength: number;
}

/**
 * What a term is worth that so many of all chunks have: Lucene's form of the inverse document frequency, always above 0. A count
 * that was estimated may be too high.
 */
export function rarity(chunks: number, having: number): number {
  return Math.log(1 + (Math.max(0, chunks - having) + 0.5) / (having + 0.5));
}

/** The number of chunks that have a term of a rarity. */
export function countOfRarity(chunks: number, rarityOfTerm: number): number {
  return Math.max(0, (chunks + 1) * Math.exp(-rarityOfTerm) - 0.5);
}

/** What a term adds to a chunk's score for each unit of its rarity (Robertson and Zaragoza, 2009). */
export function saturation({ frequency, length, meanLength }: TermOccurrence): number {
  const norm = termSaturation * (1 - lengthShare + (lengthShare * length) / meanLength);
  return (frequency * (termSaturation + 1)) / (frequency + norm);
}
