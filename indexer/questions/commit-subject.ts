const minWords = 3;
const maxWords = 20;
const idle =
  /^(?:merge|bump|release|revert|version|prepare|update (?:dependenc|readme|changelog|docs?)|changelog|typo|lint|format|wip|v?\d+\.\d)|\b(?:changelog|typos?|readme|clippy|eslint|prettier|rubocop|gofmt|github actions?|dependabot|deps)\b/i;

/** A commit's subject without its type, number and the like; '' where it says nothing about code. */
export function tidySubject(subject: string): string {
  const tidy = subject
    .replace(/\s*\(?(?:#|gh-|GH-|!)\d+\)?/g, ' ')
    .replace(/^\[[^\]]*\]\s*/, '')
    .replace(/^\w+(?:\(([^()]*)\))?!?:\s*/, '$1 ')
    .replace(/[`*]/g, '')
    .trim();
  if (idle.test(tidy)) return '';
  const han = tidy.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = tidy.split(/\s+/).length;
  return han >= 5 || (words >= minWords && words <= maxWords) ? tidy : '';
}
