/** A text counts as minified when this share of it lies in lines longer than any that people write. */
const minShare = 0.8;
const longLine = 1000;
/** Below this many characters in such lines a file is too small to do harm. */
const minLongCharacters = 5000;
/** Runs of base64 or hex inside strings: an embedded image does not make its file minified. */
const embeddedData = /[A-Za-z0-9+/=_-]{400,}/g;
/** Formats whose paragraphs may be one line each. */
const prose = new Set(['markdown', 'text', 'rst', 'asciidoc', 'latex', 'org', 'tex']);
const minifiedName = /[.-]min\.(?:js|mjs|cjs|css)$/i;

/** Why a text is minified, '' if people can read it. */
export function minifiedText(path: string, text: string, language: string): string {
  const longest = longLineCharacters(text);
  if (longest.total < minLongCharacters) return minifiedName.test(path) && longest.total > 0 ? 'named as minified' : '';
  if (longest.total < text.length * minShare || (prose.has(language) && isProse(text))) return '';
  const without = text.replaceAll(embeddedData, '');
  const rest = longLineCharacters(without);
  if (rest.total < minLongCharacters || rest.total < without.length * minShare) return '';
  return `lines of up to ${longest.most} characters`;
}

/** How many characters lie in long lines, and the length of the longest. */
function longLineCharacters(text: string): { total: number; most: number } {
  let total = 0;
  let most = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > longLine) {
      total += end - start;
      most = Math.max(most, end - start);
    }
    start = end + 1;
  }
  return { total, most };
}

/** Prose has words of a readable length, or is written in a script without spaces. */
function isProse(text: string): boolean {
  const sample = text.slice(0, 20_000);
  const marks = sample.match(/[\s\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3]/g)?.length ?? 0;
  return marks > sample.length / 12;
}
