/** Holds for rows whose `path` is that of `rangeOf`, or below it. */
export const atOrBelow = '(path = ? OR (path >= ? AND path < ?))';

/** The values for `atOrBelow`: a file, or a folder with all that is in it; '' for everything. */
export function rangeOf(path: string): readonly [string, string, string] {
  // `0` is the character after `/`; no path holds the last code point in its first place.
  return path === '' ? ['', '', '\u{10ffff}'] : [path, `${path}/`, `${path}0`];
}
