/**
 * UTF-16 offset of the first character of each line. A line ends at LF or CR LF; a lone CR ends one only in a text
 * without any LF (old Macintosh files), since elsewhere it is a stray character that editors do not count.
 */
export function lineTableOf(text: string): Uint32Array {
  const lineEnd = text.includes('\n') ? '\n' : '\r';
  let starts = new Uint32Array(Math.max(16, text.length >> 4));
  let count = 1;
  for (let at = text.indexOf(lineEnd); at >= 0; at = text.indexOf(lineEnd, at + 1)) {
    if (count === starts.length) {
      const larger = new Uint32Array(count * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = at + 1;
  }
  return starts.slice(0, count);
}
