import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createIgnoreMatcher, walk } from '../../../indexer/walk/walk.ts';
import type { IgnoreOptions } from '../../../indexer/walk/ignore-matcher.ts';
import { addFiles, emptyRepository, fileTree } from '../../support/file-tree.ts';

const roots: string[] = [];

function tree(files: Readonly<Record<string, string>>): string {
  const root = fileTree(files);
  roots.push(root);
  return root;
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** Paths of all files that a walk finds, but for rule files. */
async function found(root: string, options: IgnoreOptions = {}): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const entry of walk(createIgnoreMatcher(root, options))) if (entry.kind === 'file') paths.push(entry.path);
  return paths.filter((path) => !/(^|\/)\.(git|lorekeep)ignore$/.test(path));
}

describe('.lorekeepignore', () => {
  const files = {
    '.gitignore': 'build/\n*.log\nsecret.txt\n',
    'build/api/schema.ts': '',
    'build/api/noise.log': '',
    'build/other.ts': '',
    'src/a.ts': '',
    'src/a.log': '',
    'secret.txt': '',
    'node_modules/pkg/index.js': '',
    'node_modules/pkg/readme.md': '',
  };

  test.each([
    ['', ['src/a.ts']],
    ['!secret.txt', ['secret.txt', 'src/a.ts']],
    ['!build/other.ts', ['build/other.ts', 'src/a.ts']],
    ['!build/api/', ['build/api/schema.ts', 'src/a.ts']],
    ['!build/', ['build/api/schema.ts', 'build/other.ts', 'src/a.ts']],
    ['!build/\n!*.log', ['build/api/noise.log', 'build/api/schema.ts', 'build/other.ts', 'src/a.log', 'src/a.ts']],
    ['!build/\nbuild/api', ['build/other.ts', 'src/a.ts']],
    ['!schema.ts', ['build/api/schema.ts', 'src/a.ts']],
    ['!*.md', ['src/a.ts']],
    ['!node_modules/pkg/*.md', ['node_modules/pkg/readme.md', 'src/a.ts']],
    ['!node_modules/', ['node_modules/pkg/index.js', 'node_modules/pkg/readme.md', 'src/a.ts']],
    ['src/', []],
    ['src/\n!src/a.ts', []],
    ['src/*\n!src/a.ts', ['src/a.ts']],
  ])('%j', async (rules, paths) => {
    expect(await found(tree({ ...files, '.lorekeepignore': rules }))).toEqual(paths);
  });

  test('a folder that is brought back comes whole, also where git was told to leave out its contents', async () => {
    const rules = { '.gitignore': 'gen/**\n*.log\n', 'gen/.gitignore': '*\n', '.lorekeepignore': '!gen/\n' };
    expect(await found(tree({ ...rules, 'gen/a.ts': '', 'gen/deep/b.ts': '', 'gen/c.log': '' }))).toEqual([
      'gen/a.ts',
      'gen/deep/b.ts',
    ]);
  });

  test('nested files have the last word in their folder', async () => {
    const rules = { '.lorekeepignore': '*.gen.ts\n', 'a/.lorekeepignore': '!keep.gen.ts\n' };
    expect(await found(tree({ ...rules, 'a/keep.gen.ts': '', 'a/x.gen.ts': '', 'keep.gen.ts': '' }))).toEqual([
      'a/keep.gen.ts',
    ]);
  });
});

describe('repositories', () => {
  test('rules above the root hold up to the top of the repository, and no further', async () => {
    const root = tree({
      '.gitignore': '*.far\n',
      ...emptyRepository('repo'),
      'repo/.gitignore': '/packages/*/out\n*.tmp\n/x.ts\n',
      'repo/.git/info/exclude': 'local.ts\n',
      'repo/packages/.gitignore': '!keep.tmp\n',
      'repo/packages/app/x.ts': '',
      'repo/packages/app/x.tmp': '',
      'repo/packages/app/keep.tmp': '',
      'repo/packages/app/a.far': '',
      'repo/packages/app/local.ts': '',
      'repo/packages/app/out/o.ts': '',
      'repo/packages/app/src/out/o.ts': '',
    });
    const expected = ['a.far', 'keep.tmp', 'src/out/o.ts', 'x.ts'];
    expect(await found(join(root, 'repo/packages/app'))).toEqual(expected);
  });

  test('a folder that its repository ignores can be indexed when it is asked for', async () => {
    const root = tree({ ...emptyRepository(), '.gitignore': 'build/\n', 'build/a.ts': '' });
    expect(await found(join(root, 'build'))).toEqual(['a.ts']);
  });

  test('a nested repository follows its own rules only', async () => {
    const root = tree({
      ...emptyRepository(),
      '.gitignore': '*.log\n/skip\n',
      ...emptyRepository('lib'),
      'lib/.gitignore': '*.tmp\n',
      'lib/.git/info/exclude': 'mine.ts\n',
      'lib/a.log': '',
      'lib/a.tmp': '',
      'lib/mine.ts': '',
      'lib/deep/b.log': '',
      'a.log': '',
      ...emptyRepository('skip'),
      'skip/a.ts': '',
    });
    expect(await found(root)).toEqual(['lib/a.log', 'lib/deep/b.log']);
  });

  test('a folder called .git that is no repository changes nothing, and is not walked', async () => {
    const root = tree({
      ...emptyRepository(),
      '.gitignore': '*.log\n',
      'lib/.git/notes': '',
      'lib/a.log': '',
      'lib/a.ts': '',
    });
    expect(await found(root)).toEqual(['lib/a.ts']);
  });

  test('work trees: shared info/exclude, and no second copy of the project', async () => {
    const root = tree({ 'repo/a.ts': '' });
    const git = (...args: readonly string[]): void => {
      const env = { PATH: '/usr/local/bin:/usr/bin:/bin', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
      execFileSync('git', ['-C', join(root, 'repo'), '-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
        env,
        stdio: 'pipe',
      });
    };
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    git('worktree', 'add', '-q', 'trees/inner');
    git('worktree', 'add', '-q', '../outer');
    addFiles(root, { 'repo/.git/info/exclude': '*.tmp\n', 'outer/x.tmp': '', 'repo/x.tmp': '' });
    expect(await found(join(root, 'repo'))).toEqual(['a.ts']);
    expect(await found(join(root, 'outer'))).toEqual(['a.ts']);
    expect(await found(join(root, 'repo/trees/inner'))).toEqual(['a.ts']);
    addFiles(root, { 'repo/.lorekeepignore': '!trees/inner/\n' });
    expect(await found(join(root, 'repo'))).toEqual(['a.ts', 'trees/inner/a.ts']);
  });
});

describe('rules from elsewhere', () => {
  test('the global file holds where the caller names it', async () => {
    const root = tree({ 'a.ts': '', 'a.swp': '', '.gitignore': '!keep.swp\n', 'keep.swp': '' });
    const globalExcludesFile = join(tree({ ignore: '*.swp\n' }), 'ignore');
    expect(await found(root, { globalExcludesFile })).toEqual(['a.ts', 'keep.swp']);
    expect(await found(root)).toEqual(['a.swp', 'a.ts', 'keep.swp']);
  });

  test('the built-in list is the lowest: a negated rule of git brings a folder back', async () => {
    const files = {
      'node_modules/a.js': '',
      '.venv/b.py': '',
      'cache/CACHEDIR.TAG': '',
      'cache/c.ts': '',
      'env/pyvenv.cfg': '',
      'env/d.py': '',
      'src/__pycache__/e.pyc': '',
      'src/f.py': '',
    };
    expect(await found(tree(files))).toEqual(['src/f.py']);
    expect(await found(tree({ ...files, '.gitignore': '!node_modules/\n' }))).toEqual([
      'node_modules/a.js',
      'src/f.py',
    ]);
    expect(await found(tree({ ...files, '.lorekeepignore': '!cache/\n' }))).toEqual([
      'cache/CACHEDIR.TAG',
      'cache/c.ts',
      'src/f.py',
    ]);
  });

  test('an ignore file that is a link is not followed, as in git, and the caller hears of it', async () => {
    const root = tree({ rules: '*.ts\n', 'a.ts': '' });
    symlinkSync('rules', join(root, '.gitignore'));
    const matcher = createIgnoreMatcher(root);
    expect(matcher.ignores('a.ts', false)).toBe(false);
    expect(matcher.notices()).toEqual([
      'The rules in .gitignore were not applied: it is a link, which git does not follow either.',
    ]);
  });
});

describe('a matcher that is kept', () => {
  test('reads rules again when told that they changed', () => {
    const root = tree({ 'src/.gitignore': 'a.ts\n', 'src/a.ts': '', 'src/b.ts': '' });
    const matcher = createIgnoreMatcher(root);
    expect([matcher.ignores('src/a.ts', false), matcher.ignores('src/b.ts', false)]).toEqual([true, false]);
    writeFileSync(join(root, 'src/.gitignore'), 'b.ts\n');
    expect(matcher.ignores('src/b.ts', false)).toBe(false);
    matcher.forget('src');
    expect([matcher.ignores('src/a.ts', false), matcher.ignores('src/b.ts', false)]).toEqual([false, true]);
  });

  test('tells which ignored folders have to be entered', () => {
    const rules = { '.gitignore': 'build/\nout/\n', '.lorekeepignore': '!build/api/x.ts\n' };
    const matcher = createIgnoreMatcher(tree({ ...rules, 'build/api/x.ts': '', 'out/y.ts': '' }));
    expect([matcher.ignores('build', true), matcher.enters('build')]).toEqual([true, true]);
    expect([matcher.ignores('build/api', true), matcher.enters('build/api')]).toEqual([true, true]);
    expect([matcher.ignores('out', true), matcher.enters('out')]).toEqual([true, false]);
    expect(matcher.ignores('build/api/x.ts', false)).toBe(false);
    expect(matcher.ignores('build/api/y.ts', false)).toBe(true);
    expect([matcher.ignores('.git', true), matcher.enters('.git'), matcher.ignores('.git/HEAD', false)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
