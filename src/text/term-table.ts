/** Tokens to remember; then the table starts afresh. */
const maxTokens = 200_000;
/** Twice as many and more, a power of two. */
const slotCount = 2 ** 19;
const slotMask = slotCount - 1;
const firstPoolBytes = 2 ** 20;
const firstOutBytes = 2 ** 20;
const space = 0x20;

/** Letters, digits and the underscore of ASCII. */
const isTokenByte = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) isTokenByte[byte] = /\w/.test(String.fromCharCode(byte)) ? 1 : 0;

/**
 * Writes the terms of texts as bytes, a space behind each. Source code repeats its tokens, so the terms of each are made
 * once and copied from then on. All on bytes: strings for each token would take four times as long, and their collection
 * as much again.
 */
export class TermTable {
  readonly #makeTerms: (token: string) => string;
  /** Entry by hash, open addressing; 0 is free. */
  readonly #slots = new Int32Array(slotCount);
  readonly #hashes = new Int32Array(maxTokens + 1);
  /** For each entry: where its token begins in the pool, where its terms begin, and where those end. */
  readonly #places = new Int32Array(3 * (maxTokens + 1));
  #entries = 0;
  /** Where the tokens at hand are. */
  #text: Uint8Array = new Uint8Array();
  #pool = new Uint8Array(firstPoolBytes);
  #poolEnd = 0;
  #out = new Uint8Array(firstOutBytes);
  #outEnd = 0;

  /** `makeTerms` gives the terms of a token, space-separated, '' for none. */
  constructor(makeTerms: (token: string) => string) {
    this.#makeTerms = makeTerms;
  }

  /** Bytes written since `take`. */
  get length(): number {
    return this.#outEnd;
  }

  /** Takes back what was written after `length` was such. */
  truncate(length: number): void {
    this.#outEnd = length;
  }

  /** All that was written, and starts anew. */
  take(): Uint8Array {
    const written = this.#out.slice(0, this.#outEnd);
    this.#outEnd = 0;
    return written;
  }

  /** Writes the terms of all tokens in a text of ASCII; false, with some of them written, where it is not ASCII. */
  addTokens(text: Uint8Array): boolean {
    this.#text = text;
    const end = text.length;
    for (let at = 0; at < end; at++) {
      let byte = text[at]!;
      if (isTokenByte[byte] === 0) {
        if (byte > 0x7f) return false;
        continue;
      }
      const tokenStart = at;
      let hash = 0x811c9dc5;
      do {
        hash = Math.imul(hash ^ byte, 0x01000193);
        byte = ++at < end ? text[at]! : space;
      } while (isTokenByte[byte] === 1);
      if (byte > 0x7f) return false;
      this.#copyTerms(this.#entryOf(tokenStart, at, hash));
    }
    return true;
  }

  /** Writes the terms of one token, given as UTF-8. */
  addToken(token: Uint8Array): void {
    this.#text = token;
    let hash = 0x811c9dc5;
    for (const byte of token) hash = Math.imul(hash ^ byte, 0x01000193);
    this.#copyTerms(this.#entryOf(0, token.length, hash));
  }

  /** Writes bytes as they are. */
  addBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#out.set(bytes, this.#outEnd);
    this.#outEnd += bytes.length;
  }

  #copyTerms(entry: number): void {
    const from = this.#places[3 * entry + 1]!;
    const to = this.#places[3 * entry + 2]!;
    this.#reserve(to - from);
    const pool = this.#pool;
    const out = this.#out;
    let at = this.#outEnd;
    // Terms are a few bytes long: a loop is faster than a call.
    for (let i = from; i < to; i++) out[at++] = pool[i]!;
    this.#outEnd = at;
  }

  #entryOf(start: number, end: number, hash: number): number {
    const slots = this.#slots;
    let slot = (hash ^ (hash >>> 15)) & slotMask;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if (this.#hashes[entry] === hash && this.#isToken(entry, start, end)) return entry;
      slot = (slot + 1) & slotMask;
    }
    return this.#insert(this.#text.subarray(start, end), hash);
  }

  #isToken(entry: number, start: number, end: number): boolean {
    let at = this.#places[3 * entry]!;
    if (this.#places[3 * entry + 1]! - at !== end - start) return false;
    const pool = this.#pool;
    const text = this.#text;
    for (let i = start; i < end; i++) if (pool[at++] !== text[i]) return false;
    return true;
  }

  #insert(token: Uint8Array, hash: number): number {
    if (this.#entries >= maxTokens) this.#clear();
    const made = this.#makeTerms(Buffer.from(token.buffer, token.byteOffset, token.length).toString());
    const terms = Buffer.from(made === '' ? '' : `${made} `);
    const entry = ++this.#entries;
    const tokenAt = this.#poolEnd;
    const termsAt = tokenAt + token.length;
    this.#poolEnd = termsAt + terms.length;
    if (this.#poolEnd > this.#pool.length) this.#pool = grown(this.#pool, this.#poolEnd);
    this.#pool.set(token, tokenAt);
    this.#pool.set(terms, termsAt);
    this.#places.set([tokenAt, termsAt, this.#poolEnd], 3 * entry);
    this.#hashes[entry] = hash;
    let slot = (hash ^ (hash >>> 15)) & slotMask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & slotMask;
    this.#slots[slot] = entry;
    return entry;
  }

  #clear(): void {
    this.#slots.fill(0);
    this.#entries = 0;
    this.#poolEnd = 0;
  }

  #reserve(bytes: number): void {
    if (this.#outEnd + bytes > this.#out.length) this.#out = grown(this.#out, this.#outEnd + bytes);
  }
}

/** The same bytes with room for at least so many. */
function grown(bytes: Uint8Array<ArrayBuffer>, needed: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(needed, 2 * bytes.length));
  larger.set(bytes);
  return larger;
}
