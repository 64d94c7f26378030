/** Lower-case words of a path (folders, stem, extension left out), in order, without repeats. */
export function pathWords(path: string): readonly string[] {
  const words = path.replace(/\.[^./]*$/, '').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words)];
}
