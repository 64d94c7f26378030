/** Languages whose comments begin with two slashes. */
const slashes = /\.(?:go|ts|tsx|js|jsx|java|c|h|cc|cpp|hpp|rs|cs|kt|swift|scala|php|dart|zig)$/;
/** Ranked so low that a word which is nowhere else need not be among the first ten places: that is no matter of time. */
const rankedLow =
  /(?:^|\/)(?:\w*tests?\w*|vendor|examples?|mocks?|fixtures?|legacy|bench\w*)(?:\/|$)|[._-]test\.[^/]*$/i;

/** Files that `runSaves` can save. */
export function savablePaths(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => slashes.test(path) && !rankedLow.test(path));
}
