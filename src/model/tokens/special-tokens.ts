/** A piece of a text; null stands for a special token, which counts as one. */
export type Fragment = string | null;

/** Characters that the first look compares. */
const keyLength = 3;

/**
 * Finds special tokens in texts, each through the whole text before the next is looked for, as llama.cpp and Ollama do. A vocabulary
 * may have thousands; one pass over the places where any of them could begin says which of them are there at all, mostly none.
 */
export function specialSplitter(tokens: readonly string[]): (text: string) => readonly Fragment[] {
  const ordered = tokens.filter((token) => token !== '');
  const whole = (text: string): readonly Fragment[] => (text === '' ? [] : [text]);
  if (ordered.length === 0) return whole;
  const byKey = Map.groupBy(ordered, (token) => token.slice(0, keyLength));
  const keyLengths = [...new Set([...byKey.keys()].map((key) => key.length))];
  const starts = new RegExp([...new Set(ordered.map((token) => escaped(token.charAt(0))))].join('|'), 'g');

  return (text) => {
    const found = new Set<string>();
    for (const { index } of text.matchAll(starts)) {
      for (const length of keyLengths) {
        for (const token of byKey.get(text.slice(index, index + length)) ?? []) {
          if (text.startsWith(token, index)) found.add(token);
        }
      }
    }
    if (found.size === 0) return whole(text);
    let fragments: readonly Fragment[] = [text];
    for (const token of ordered) if (found.has(token)) fragments = fragments.flatMap((part) => splitAt(part, token));
    return fragments;
  };
}

/** The order of llama.cpp. */
export function longestFirst(tokens: readonly string[]): readonly string[] {
  return tokens
    .map((token) => ({ token, bytes: Buffer.byteLength(token) }))
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ token }) => token);
}

function splitAt(fragment: Fragment, token: string): readonly Fragment[] {
  if (fragment === null || !fragment.includes(token)) return [fragment];
  return fragment
    .split(token)
    .flatMap<Fragment>((text, index) => (index === 0 ? [text] : [null, text]))
    .filter((part) => part !== '');
}

function escaped(unit: string): string {
  return String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
