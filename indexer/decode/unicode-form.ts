/** The Unicode encodings that a file can announce. UTF-32 is not read; it is told apart from UTF-16 by its BOM. */
export type UnicodeForm = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32';

/** Length in bytes of a form's byte order mark. */
export const markBytes = { 'utf-8': 3, 'utf-16le': 2, 'utf-16be': 2, 'utf-32': 4 } as const;

/** The form that a byte order mark tells, null without one. */
export function markedForm(bytes: Buffer): UnicodeForm | null {
  const start = bytes.toString('latin1', 0, 4);
  if (start.startsWith('\xef\xbb\xbf')) return 'utf-8';
  if (start === '\xff\xfe\0\0' || start === '\0\0\xfe\xff') return 'utf-32';
  if (start.startsWith('\xff\xfe')) return 'utf-16le';
  return start.startsWith('\xfe\xff') ? 'utf-16be' : null;
}

/** How many bytes to look at for UTF-16 without a mark. */
const sampleBytes = 4096;

/**
 * UTF-16 without a mark, where that is clear: in text of mostly ASCII characters one byte of each pair is zero, always
 * the same one.
 */
export function unmarkedUtf16(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  const length = Math.min(bytes.length, sampleBytes) & ~1;
  if (bytes.length % 2 !== 0 || length < 4) return null;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) evenZeros++;
    if (bytes[at + 1] === 0) oddZeros++;
  }
  const most = (length / 2) * 0.7;
  if (oddZeros >= most && evenZeros === 0) return 'utf-16le';
  return evenZeros >= most && oddZeros === 0 ? 'utf-16be' : null;
}
