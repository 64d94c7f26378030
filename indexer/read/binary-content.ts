import type { UnicodeForm } from '../decode/unicode-form.ts';

/** First bytes of formats that are not text though they may begin without a zero byte. */
const magicNumbers: readonly { readonly start: string; readonly format: string }[] = [
  { start: '%PDF-', format: 'PDF document' },
  { start: '\x89PNG', format: 'PNG image' },
  { start: '\xff\xd8\xff', format: 'JPEG image' },
  { start: 'GIF87a', format: 'GIF image' },
  { start: 'GIF89a', format: 'GIF image' },
  { start: 'PK\x03\x04', format: 'ZIP archive' },
  { start: '\x1f\x8b', format: 'gzip data' },
  { start: 'BZh', format: 'bzip2 data' },
  { start: '\xfd7zXZ', format: 'xz data' },
  { start: '7z\xbc\xaf', format: '7z archive' },
  { start: '\x28\xb5\x2f\xfd', format: 'Zstandard data' },
  { start: 'Rar!\x1a', format: 'RAR archive' },
  { start: '\0asm', format: 'WebAssembly module' },
  { start: 'MZ\x90\0', format: 'Windows program' },
  { start: '\x7fELF', format: 'ELF program' },
  { start: '\xca\xfe\xba\xbe', format: 'Java class' },
  { start: '\xcf\xfa\xed\xfe', format: 'Mach-O program' },
  { start: '!<arch>\n', format: 'static library' },
  { start: 'SQLite format 3', format: 'SQLite database' },
  { start: 'OggS', format: 'Ogg media' },
  { start: 'wOFF', format: 'font' },
  { start: 'wOF2', format: 'font' },
  { start: '\xd0\xcf\x11\xe0', format: 'Office document' },
];

/** git looks for a zero byte in as many. */
const headBytes = 8000;
/** Behind the head a stray zero byte is allowed for, one in so many. */
const bytesPerStrayZero = 10_000;
/** Control characters other than white space, backspace and escape: more than this share is not text. */
const maxControlShare = 0.03;

/** The format that the first bytes tell, '' for none that is known. */
export function knownFormat(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 16);
  return magicNumbers.find((row) => start.startsWith(row.start))?.format ?? '';
}

/** Says why bytes are no text, '' for text. Zero bytes are expected in UTF-16. */
export function binaryFormat(bytes: Buffer, form: UnicodeForm | null): string {
  const known = knownFormat(bytes);
  if (known !== '') return known;
  if (form === 'utf-16le' || form === 'utf-16be') return '';
  const firstZero = bytes.indexOf(0);
  if (firstZero >= 0 && (firstZero < headBytes || countZeros(bytes) * bytesPerStrayZero > bytes.length)) {
    return 'zero bytes';
  }
  const controls = countControls(bytes);
  return controls > Math.min(bytes.length, headBytes) * maxControlShare && controls > 2 ? 'control characters' : '';
}

function countZeros(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) count++;
  return count;
}

/** Counted in the head. A plain loop: every file passes here. */
function countControls(bytes: Buffer): number {
  const length = Math.min(bytes.length, headBytes);
  let count = 0;
  for (let at = 0; at < length; at++) if (isControl(bytes[at] ?? 0)) count++;
  return count;
}

/** Tab to carriage return, backspace and escape (terminal colours, ISO-2022) occur in text. */
function isControl(byte: number): boolean {
  return byte < 0x20 ? (byte < 0x08 || byte > 0x0d) && byte !== 0x1b : byte === 0x7f;
}
