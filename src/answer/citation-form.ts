/** One number or range of numbers in a citation. */
export interface Reference {
  readonly first: number;
  readonly last: number;
  /** As the model wrote it. */
  readonly written: string;
}

// `[1]`, `[1, 2]`, `[1-3]`, `[^1]`, `[#1]`, the same in full-width signs, and 【1†L2-L9】 as some models were trained to
// write.
const number = String.raw`[#＃^]?\s*([0-9０-９]{1,3})`;
const range = String.raw`${number}(?:\s*[-–—~～]\s*${number})?(?:\s*†[^\]］】]*)?`;
const citation = new RegExp(String.raw`^[\[［【]\s*${range}(?:\s*[,，、;；]\s*${range})*\s*[\]］】]$`);
const part = new RegExp(range, 'g');

/**
 * What looks like code in front of a bracket: an underscore, digit, dot or inner capital in the word, or a call or
 * index.
 */
const codeBefore = /(?:[A-Za-z$][\w$]*[_$\d][\w$]*|[a-z][\w$]*[A-Z][\w$]*|\w\.[A-Za-z_$][\w$]*|\w\(\)|[\w$]\])$/;

/**
 * The evidence that a bracket names, null when it is no citation: other text, a character class as in `[0-9]`, or an
 * index outside code marks as in `rows_by_id[17]`. `before` is the text in front of it. Right behind code a bracket is
 * read as a citation only if all of it resolves, since taking an index out would change the code.
 */
export function readReferences(bracket: string, before: string, evidenceCount: number): readonly Reference[] | null {
  if (!citation.test(bracket)) return null;
  const references = [...bracket.matchAll(part)].map(([written, first, last]) => ({
    first: toNumber(first),
    last: toNumber(last ?? first),
    written: written.trim(),
  }));
  // Evidence is numbered from 1, so a 0 means that brackets are used for something else.
  if (references.some(({ first, last }) => first === 0 || last < first)) return null;
  const resolves = references.every(({ last }) => last <= evidenceCount);
  const isIndex = !resolves && codeBefore.test(before) && !/\[\d+\]$/.test(before);
  return isIndex ? null : references;
}

function toNumber(digits: string | undefined): number {
  return Number((digits ?? '').replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10)));
}
