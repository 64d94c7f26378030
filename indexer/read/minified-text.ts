import type { SourceFile } from '../../src/core/source-file.ts';

/** A text counts as minified when this share of it lies in lines longer than any that people write. */
const minShare = 0.8;
const longLine = 1000;
/** Below this many characters in such lines a file is too small to do harm. */
const minLongCharacters = 5000;
/** With less than this beside embedded data, the data is all there is. */
const minWritten = 1000;
/** Whole runs of what base64, hex and URLs are made of. */
const unbroken = /[A-Za-z0-9+/=_-]+/g;
/** Formats whose paragraphs may be one line each. */
const prose = new Set(['markdown', 'text', 'rst', 'asciidoc', 'latex', 'org', 'tex']);
type MeasuredText = Pick<SourceFile, 'path' | 'text' | 'language' | 'lineStarts'>;
const minifiedName = /[.-]min\.(?:js|mjs|cjs|css)$/i;

/** Why a text is minified, '' if people can read it. */
export function minifiedText({ path, text, language, lineStarts }: MeasuredText): string {
  const longest = longLineCharacters(text, lineStarts);
  if (longest.total < minLongCharacters) return minifiedName.test(path) && longest.total > 0 ? 'named as minified' : '';
  if (longest.total < text.length * minShare || (prose.has(language) && isProse(text))) return '';
  const embedded = embeddedCharacters(text);
  const rest = longest.total - embedded;
  const written = text.length - embedded;
  if (written >= minWritten && (rest < minLongCharacters || rest < written * minShare)) return '';
  return `lines of up to ${longest.most} characters`;
}

/** Characters in runs without a break, each as long as a long line: an embedded image does not make a file minified. */
function embeddedCharacters(text: string): number {
  let total = 0;
  for (const [run] of text.matchAll(unbroken)) if (run.length >= longLine) total += run.length;
  return total;
}

/** How many characters lie in long lines, and the length of the longest. */
function longLineCharacters(text: string, lineStarts: Uint32Array): { total: number; most: number } {
  let total = 0;
  let most = 0;
  for (let line = 0; line < lineStarts.length; line++) {
    const length = (lineStarts[line + 1] ?? text.length) - (lineStarts[line] ?? 0);
    if (length > longLine) total += length;
    most = Math.max(most, length);
  }
  return { total, most };
}

/** Prose has words of a readable length, or is written in a script without spaces. */
function isProse(text: string): boolean {
  const sample = text.slice(0, 20_000);
  const marks = sample.match(/[\s\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3]/g)?.length ?? 0;
  return marks > sample.length / 12;
}
