import { isAscii, isUtf8 } from 'node:buffer';
import { guessEncoding } from './guess-encoding.ts';
import { telltaleLines } from './telltale-lines.ts';
import { markBytes, markedForm, type UnicodeForm, unmarkedUtf16 } from './unicode-form.ts';

/** Text with what is known of how it was encoded. */
export interface DecodedText {
  readonly text: string;
  /** WHATWG label. */
  readonly encoding: string;
  /** True when neither a byte order mark nor the bytes themselves prove the encoding. */
  readonly isGuessed: boolean;
  /** True when bytes that the encoding does not know became U+FFFD. */
  readonly hasLosses: boolean;
}

/** UTF-8 with damage is still UTF-8 when at most one in so many of its longer sequences is broken. */
const sequencesPerDamage = 4;

/** The Unicode form of a file: by its mark, or where that is clear without one. */
export function unicodeFormOf(bytes: Buffer): UnicodeForm | null {
  return markedForm(bytes) ?? unmarkedUtf16(bytes) ?? (isUtf8(bytes) ? 'utf-8' : null);
}

/** Decodes text: Unicode by mark or validity, else in the encoding that is likeliest. A leading mark is removed. */
export function decodeText(bytes: Buffer, form: UnicodeForm | null): DecodedText {
  const marked = markedForm(bytes);
  const body = marked === null ? bytes : bytes.subarray(markBytes[marked]);
  if (form === 'utf-16le' || form === 'utf-16be') return decodeAs(body, form, marked === null);
  if (isAscii(body)) return decodeAscii(body);
  if (form === 'utf-8' || isDamagedUtf8(body)) return decodeAs(body, 'utf-8', false);
  return decodeAs(body, guessEncoding(body), true);
}

function decodeAs(bytes: Buffer, encoding: string, isGuessed: boolean): DecodedText {
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, encoding, isGuessed, hasLosses: false };
  } catch {
    const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
    return { text, encoding, isGuessed, hasLosses: true };
  }
}

/** ISO-2022-JP writes Japanese in seven bits, between escape sequences that occur nowhere else. */
function decodeAscii(bytes: Buffer): DecodedText {
  const isJapanese = bytes.includes('\x1b$B') || bytes.includes('\x1b$@');
  if (isJapanese) return decodeAs(bytes, 'iso-2022-jp', true);
  return { text: bytes.toString('latin1'), encoding: 'utf-8', isGuessed: false, hasLosses: false };
}

/** Whether most sequences of bytes above 0x7F are valid UTF-8: text with a few broken characters. */
function isDamagedUtf8(bytes: Buffer): boolean {
  const text = telltaleLines(bytes).toString('utf8');
  const damages = text.match(/\ufffd+/g)?.length ?? 0;
  const sequences = text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  return sequences >= damages * sequencesPerDamage;
}
