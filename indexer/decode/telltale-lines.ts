/** Enough to tell an encoding by, in bytes; reading more of a large file changes nothing. */
const sampleBytes = 32_768;

/** The lines that have a byte above 0x7F, up to the sample's size. No encoding considered here uses LF inside a character. */
export function telltaleLines(bytes: Buffer): Buffer {
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
