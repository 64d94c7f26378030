import { bigrams, isCjk, splitIdentifier, tokensOf } from './words.ts';

/** Lower-case words of a path (folders and stem, the extension left out), in order, without repeats. */
export function pathWords(path: string): readonly string[] {
  return [...new Set(tokensOf(withoutExtension(path)).flatMap(nameWords))];
}

/** Lower-case words of one file or folder name. */
function nameWords(name: string): string[] {
  return isCjk(name) ? bigrams(name) : splitIdentifier(name);
}

function withoutExtension(path: string): string {
  return path.replace(/(?<=[^/])\.[^./]*$/, '');
}
