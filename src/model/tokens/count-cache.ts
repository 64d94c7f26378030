/** Longer words are counted anew: they hardly come twice. */
const maxLength = 48;
/** Words a generation; two are kept, about 4 MB when full. */
const maxWords = 20_000;

/** Gives a word's count, from memory where it was counted lately. */
export function countCache(count: (word: string) => number): (word: string) => number {
  let young = new Map<string, number>();
  let old = new Map<string, number>();

  return (word) => {
    if (word.length > maxLength) return count(word);
    const known = young.get(word);
    if (known !== undefined) return known;
    if (young.size >= maxWords) {
      old = young;
      young = new Map();
    }
    const counted = old.get(word) ?? count(word);
    young.set(ownCopy(word), counted);
    return counted;
  };
}

/** A part of a text keeps the whole text alive once it is longer than 12 characters; its copy does not. */
function ownCopy(word: string): string {
  return word.length > 12 ? Buffer.from(word, 'utf16le').toString('utf16le') : word;
}
