/**
 * Characters that move a cursor, change colours, reorder text or start a new line on a terminal: C0 and C1 controls,
 * line and paragraph separators, and the bidirectional controls that make code read differently from what it does.
 */
const dangerous = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A file name or other one-line text with every such character written out (`\n`, `\x1b`, `\u202e`). */
export function oneLine(text: string): string {
  return text.replace(dangerous, escapeCharacter);
}

/** Text of several lines, safe to print: line ends stay, a tab becomes two spaces, the rest is written out. */
export function manyLines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, '  ')
    .replace(dangerous, (character) => (character === '\n' ? character : escapeCharacter(character)));
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\uff01-\uff60]/u;
const zeroWidth = /\p{Mn}|\p{Me}|\u200b|\u200c|\u200d/u;

/** Cuts a line to a number of terminal columns, the last of which is `…` when something was cut. */
export function cutToWidth(line: string, columns: number): string {
  let used = 0;
  let kept = '';
  let fits = '';
  for (const character of line) {
    const width = zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
    used += width;
    if (used > columns) return columns > 0 ? `${fits}…` : '';
    kept += character;
    if (used <= columns - 1) fits = kept;
  }
  return line;
}

/** 1234567 → `1,234,567`. By hand: the first use of a locale costs a fifth of a short run's time. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 file`, `2 files`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Bytes as `12 B`, `3.4 kB`, `5.6 MB` (powers of 1000). */
export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Milliseconds as `340 ms`, `2.3 s`, `4 min 05 s`, `2 h 10 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} min`;
}
