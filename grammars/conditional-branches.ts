const directive = /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b/;
const anyLine = /[^\r\n]*(?:\r\n|\r|\n|$)/y;
const continued = /\\(?:\r\n|\r|\n)$/;

/**
 * The text with the first branch of every `#if … #else … #endif` and blanks in the place of the other branches and of
 * the directives, so that every offset stays. Null where there is no such directive. Code that opens a block in both
 * branches and closes it once cannot be parsed in any other way.
 */
export function firstBranches(text: string): string | null {
  if (!/^[ \t]*#[ \t]*if/m.test(text.replaceAll('\r', '\n'))) return null;
  const parts: string[] = [];
  const conditions = new Conditions();
  let inDirective = false;
  for (let start = 0; start < text.length;) {
    anyLine.lastIndex = start;
    const line = anyLine.exec(text)?.[0] ?? '';
    start += line.length;
    const word = directive.exec(line)?.[1];
    if (word !== undefined) conditions.read(word);
    const blank = word !== undefined || inDirective || conditions.inLaterBranch;
    inDirective = (word !== undefined || inDirective) && continued.test(line);
    parts.push(blank ? line.replace(/[^\r\n]/g, ' ') : line);
  }
  return parts.join('');
}

/** The conditions that are open at a line. */
class Conditions {
  /** For each: whether its first branch is over. */
  readonly #over: boolean[] = [];
  #overCount = 0;

  get inLaterBranch(): boolean {
    return this.#overCount > 0;
  }

  read(word: string): void {
    if (word.startsWith('if')) this.#over.push(false);
    else if (word === 'endif') this.#overCount -= this.#over.pop() === true ? 1 : 0;
    else if (this.#over.at(-1) === false) {
      this.#over[this.#over.length - 1] = true;
      this.#overCount++;
    }
  }
}
