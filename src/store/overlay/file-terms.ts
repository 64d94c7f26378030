/** Where the search terms of one file's chunks occur: 12 bytes for each term of each chunk, and no strings. */
export interface FileTerms {
  /** Number of terms of each chunk. */
  readonly lengths: Uint32Array;
  /** For each term of each chunk the term's hash times the number of chunks, plus the chunk's place; ascending. */
  readonly keys: Float64Array;
  /** How often the chunk has the term, for each key. */
  readonly frequencies: Uint32Array;
}

const space = 0x20;
/**
 * Hashes have 40 bits: two of a thousand terms share one in one of two million files, and then a chunk is merely ranked as if it had
 * the other term too. Together with the chunk's place they fit into the 53 bits of a number; files of more than 8,192 chunks
 * leave less for the hash.
 */
const hashes = 2 ** 40;
const exactIntegers = 2 ** 53;

/** Finds out which chunk has which term how often. `terms` are those of each chunk, parted by spaces. */
export function analyseTerms(terms: readonly string[]): FileTerms {
  const lengths = new Uint32Array(terms.length);
  // A term and the space behind it are two characters at least.
  const occurrences = new Float64Array(terms.reduce((most, line) => most + Math.ceil(line.length / 2), 0));
  let count = 0;
  for (const [chunk, line] of terms.entries()) {
    const before = count;
    for (let start = 0; start < line.length;) {
      const end = endOfTerm(line, start);
      if (end > start) occurrences[count++] = keyOf(hash(line, start, end), chunk, terms.length);
      start = end + 1;
    }
    lengths[chunk] = count - before;
  }
  return { lengths, ...counted(occurrences.subarray(0, count).sort()) };
}

/** Where a term's keys begin and end. */
export function rangeOf({ keys, lengths }: FileTerms, term: string): { readonly start: number; readonly end: number } {
  const first = keyOf(hash(term, 0, term.length), 0, lengths.length);
  const start = firstAtLeast(keys, first);
  let end = start;
  while (end < keys.length && keys[end]! < first + lengths.length) end++;
  return { start, end };
}

/** The chunk that a key is of. */
export function chunkAt({ keys, lengths }: FileTerms, place: number): number {
  const key = keys[place]!;
  return key - Math.floor(key / lengths.length) * lengths.length;
}

function endOfTerm(line: string, start: number): number {
  let end = start;
  while (end < line.length && line.charCodeAt(end) !== space) end++;
  return end;
}

function keyOf(termHash: number, chunk: number, chunks: number): number {
  const fitting = Math.min(hashes, Math.floor(exactIntegers / chunks));
  // The remainder takes longer than all the rest, and is hardly ever needed.
  return (termHash < fitting ? termHash : termHash % fitting) * chunks + chunk;
}

/** Two multiplicative hashes side by side, each of whose bits depend on all characters. */
function hash(line: string, start: number, end: number): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let at = start; at < end; at++) {
    const code = line.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 15;
  }
  low = Math.imul(low ^ (low >>> 16), 0xc2b2ae35);
  low ^= low >>> 13;
  return ((high ^ (high >>> 11)) & 0xff) * 2 ** 32 + (low >>> 0);
}

/** Equal ones lie side by side: each is kept once, with how many there were. */
function counted(sorted: Float64Array): Pick<FileTerms, 'keys' | 'frequencies'> {
  const keys = new Float64Array(sorted.length);
  const frequencies = new Uint32Array(sorted.length);
  let last = -1;
  for (const key of sorted) {
    if (last < 0 || keys[last] !== key) keys[++last] = key;
    frequencies[last]!++;
  }
  return { keys: keys.slice(0, last + 1), frequencies: frequencies.slice(0, last + 1) };
}

function firstAtLeast(keys: Float64Array, wanted: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
