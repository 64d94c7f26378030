import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createIgnoreMatcher } from '../../indexer/walk/walk.ts';
import { joinByteString, nameOfByteString } from '../../indexer/walk/path-name.ts';

/** A generated repository: paths of its files, its ignore files by folder, and the rules beside the work tree. */
interface IgnoreRepository {
  readonly trees: readonly { readonly files: readonly string[]; readonly rules: Readonly<Record<string, string>> }[];
  readonly rootRules: string;
  readonly infoExclude: string;
  readonly globalExcludes: string;
}

/** What a comparison saw. */
export interface Comparison {
  readonly seed: number;
  paths: number;
  /** By git. */
  ignored: number;
  readonly disagreements: Disagreement[];
}

/** A path that git and Lorekeep judge differently. */
export interface Disagreement {
  readonly path: string;
  readonly git: boolean;
  readonly rules: readonly string[];
}

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const words = [
  'a',
  'b',
  'ab',
  'foo',
  'Foo',
  'foo.c',
  'bar',
  'foobar',
  'a b',
  'b ',
  '!a',
  '#b',
  '[a]',
  'a]',
  'b-',
  '\\a',
];
const names = [...words, latin1('é'), latin1('日本'), 'caf\xe9', '*', '-x', '.b'];
const pieces = [
  '*',
  '**',
  '***',
  '?',
  '/',
  '/',
  '/**/',
  '**/',
  '/**',
  '[ab]',
  '[!a]',
  '[^b-f]',
  '[a-]',
  '[]a]',
  '[[:alpha:]]',
];
const oddPieces = [
  '[[:space:][:digit:]b]',
  '[[:nope:]]',
  '[a',
  '[\\]a]',
  '[é]',
  '[/]',
  '\\*',
  '\\[',
  '\\ ',
  '\\',
  ' ',
  '\\#',
  '.',
  'o',
  'f',
];

const glob = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...names) },
      { weight: 5, arbitrary: fc.constantFrom(...pieces) },
      { weight: 2, arbitrary: fc.constantFrom(...oddPieces) },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '/', '!/', '#', '\\!'),
    glob,
    fc.constantFrom('', '', '', '', '/', ' ', '  ', '\\ ', '\r', '\t'),
  )
  .map((parts) => parts.join(''));
const ruleText = fc
  .tuple(fc.constantFrom('', '', '', '\xef\xbb\xbf', '\n'), fc.array(line, { maxLength: 5 }), fc.constantFrom('', '\n'))
  .map(([start, lines, end]) => start + lines.join('\n') + end);
const treePath = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const tree = fc
  .tuple(fc.array(treePath, { minLength: 3, maxLength: 9 }), fc.array(fc.tuple(fc.nat(), ruleText), { maxLength: 4 }))
  .map(([paths, rules]) => {
    const files = withoutConflicts(paths);
    const folders = ['', ...foldersOf(files)];
    return {
      files,
      rules: Object.fromEntries(rules.map(([pick, text]) => [folders[pick % folders.length] ?? '', text])),
    };
  });
const repository: fc.Arbitrary<IgnoreRepository> = fc.record({
  trees: fc.array(tree, { minLength: 20, maxLength: 20 }),
  rootRules: ruleText,
  infoExclude: ruleText,
  globalExcludes: ruleText,
});

/** Builds repositories of 20 trees each from a seed and compares every path in them with `git check-ignore`. */
export function compareWithGit(seed: number, repositories: number): Comparison {
  const total: Comparison = { seed, paths: 0, ignored: 0, disagreements: [] };
  for (const sample of fc.sample(repository, { seed, numRuns: repositories })) {
    const folder = mkdtempSync(join(tmpdir(), 'lorekeep-ignore-'));
    try {
      compareRepository(sample, folder, total);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return total;
}

function compareRepository(sample: IgnoreRepository, folder: string, total: Comparison): void {
  const root = join(folder, 'repository');
  const globalExcludesFile = join(folder, 'global-excludes');
  const write = (path: string, text: string): void => writeBytes(root, path, text);
  for (const made of ['', '.git', '.git/info', '.git/objects', '.git/refs']) mkdirSync(join(root, made));
  write('.git/HEAD', 'ref: refs/heads/main\n');
  write('.git/config', `[core]\nrepositoryformatversion = 0\nbare = false\nexcludesFile = ${globalExcludesFile}\n`);
  write('.git/info/exclude', sample.infoExclude);
  write('.gitignore', sample.rootRules);
  writeFileSync(globalExcludesFile, sample.globalExcludes, 'latin1');
  const paths = sample.trees.flatMap(({ files, rules }, index) => {
    for (const made of ['', ...foldersOf(files)]) mkdirSync(joinByteString(root, `t${index}/${made}`));
    for (const file of files) write(`t${index}/${file}`, '');
    for (const [base, text] of Object.entries(rules))
      write(`t${index}/${base === '' ? '' : `${base}/`}.gitignore`, text);
    return [
      ...files.map((file) => ({ path: file, isFolder: false })),
      ...foldersOf(files).map((file) => ({ path: file, isFolder: true })),
    ].map((entry) => ({ ...entry, path: `t${index}/${entry.path}`, rules }));
  });
  const ignoredByGit = checkIgnore(
    root,
    paths.map((entry) => entry.path),
  );
  const matcher = createIgnoreMatcher(root, { globalExcludesFile });
  for (const entry of paths) {
    const git = ignoredByGit.has(entry.path);
    total.paths++;
    if (git) total.ignored++;
    if (matcher.ignores(nameOfByteString(entry.path), entry.isFolder) === git) continue;
    const rules = [
      sample.globalExcludes,
      sample.infoExclude,
      sample.rootRules,
      ...Object.entries(entry.rules).map(String),
    ];
    total.disagreements.push({ path: entry.path, git, rules });
  }
}

function checkIgnore(root: string, paths: readonly string[]): ReadonlySet<string> {
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const options = { cwd: root, input, env, maxBuffer: 100_000_000 };
  const output = runAllowingNone(() => execFileSync('git', ['check-ignore', '--no-index', '-z', '--stdin'], options));
  return new Set(output.toString('latin1').split('\0').filter(Boolean));
}

/** git exits with 1 when it ignores none of the paths. */
function runAllowingNone(run: () => Buffer): Buffer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 1) return Buffer.alloc(0);
    throw error;
  }
}

function writeBytes(root: string, path: string, text: string): void {
  writeFileSync(joinByteString(root, path), text, 'latin1');
}

function foldersOf(files: readonly string[]): readonly string[] {
  const folders = files.flatMap((file) => file.split('/').map((_, index, parts) => parts.slice(0, index).join('/')));
  return [...new Set(folders)].filter((folder) => folder !== '');
}

/** Drops paths that would have to be both file and folder. */
function withoutConflicts(paths: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const candidate of new Set(paths)) {
    if (!kept.some((other) => `${other}/`.startsWith(`${candidate}/`) || `${candidate}/`.startsWith(`${other}/`)))
      kept.push(candidate);
  }
  return kept;
}
