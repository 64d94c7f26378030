import { scoreCentral, scoreCyrillic, scoreWestern } from './score-alphabet.ts';
import { scoreChinese, scoreJapanese, scoreKorean, scoreTaiwanese } from './score-east-asian.ts';

/** Sum over the characters of a text that are not ASCII: above 0 for likely ones, below for unlikely ones. */
export type TextScore = (text: string) => number;

/** Encodings that are considered; on a tie the first wins. Labels are WHATWG's. */
const candidates: readonly { readonly label: string; readonly score: TextScore }[] = [
  { label: 'windows-1252', score: scoreWestern },
  { label: 'shift_jis', score: scoreJapanese },
  { label: 'euc-jp', score: scoreJapanese },
  { label: 'gb18030', score: scoreChinese },
  { label: 'big5', score: scoreTaiwanese },
  { label: 'euc-kr', score: scoreKorean },
  { label: 'windows-1251', score: scoreCyrillic },
  { label: 'koi8-r', score: scoreCyrillic },
  { label: 'windows-1250', score: scoreCentral },
];

/** Enough to tell; reading more of a large file changes nothing. */
const sampleBytes = 32_768;

/**
 * The likeliest encoding of text that is not Unicode. Bytes are decoded in every candidate and the outcomes compared by
 * how frequent their characters are in the languages that used the encoding; valid byte sequences alone prove little.
 */
export function guessEncoding(bytes: Buffer): string {
  const sample = telltaleLines(bytes);
  let best = { label: 'windows-1252', score: Number.NEGATIVE_INFINITY };
  for (const { label, score } of candidates) {
    const candidate = { label, score: score(new TextDecoder(label).decode(sample)) };
    if (candidate.score > best.score) best = candidate;
  }
  return best.label;
}

/** The lines that have a byte above 0x7F, up to the sample's size. No candidate uses LF inside a character. */
function telltaleLines(bytes: Buffer): Buffer {
  const lines: Buffer[] = [];
  let size = 0;
  for (let start = 0; start < bytes.length && size < sampleBytes;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, Math.min(end, start + sampleBytes));
    if (line.some((byte) => byte > 0x7f)) {
      lines.push(line);
      size += line.length;
    }
    start = end;
  }
  return Buffer.concat(lines);
}
