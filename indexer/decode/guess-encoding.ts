import { scoreCentral, scoreCyrillic, scoreWestern } from './score-alphabet.ts';
import { scoreChinese, scoreJapanese, scoreKorean, scoreTaiwanese } from './score-east-asian.ts';
import { telltaleLines } from './telltale-lines.ts';

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
