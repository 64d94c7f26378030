import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CachedEmbedder } from '../../../src/store/cache/embedding-cache.ts';
import { commitFiles, git, initRepository } from '../../support/git-project.ts';
import { HashEmbedder } from '../../support/hash-embedder.ts';
import { LiveHarness, SharedParsers } from '../../support/live-harness.ts';

const parsers = new SharedParsers();
afterAll(() => parsers.close());

/** A class with methods that differ, each long enough to be a chunk of its own. */
function shop(names: readonly string[], indent = '    '): string {
  const methods = names.map((name) => {
    const lines = Array.from({ length: 14 }, (_, at) => `${indent}${indent}self.${name}_${at} = self.stock[${at}] + 1`);
    return `${indent}def ${name}(self, order):\n${lines.join('\n')}\n`;
  });
  return `import os\n\n\nclass Shop:\n${methods.join('\n')}`;
}

const files = {
  'src/shop.py': shop(['reserve', 'release', 'deliver']),
  'src/deep/prices.ts': 'export function priceOf(item: string): number {\n  return item.length * 3;\n}\n',
  'docs/guide.md': '# Guide\n\nHow parcels are sent.\n\n## Returns\n\nHow parcels come back.\n',
};

describe('an embedding server is asked nothing twice', () => {
  let server: HashEmbedder;
  let embedder: CachedEmbedder;
  let folder: string;
  const harnesses: LiveHarness[] = [];
  const open = (): LiveHarness => {
    const harness = LiveHarness.create({ parsers }, embedder);
    harnesses.push(harness);
    return harness;
  };
  /** Follows changes, brings all to the store, and tells what the server was asked meanwhile. */
  const asked = async (harness: LiveHarness, paths: readonly string[]): Promise<readonly string[]> => {
    const before = server.asked.length;
    await harness.live.refresh(paths);
    await harness.live.tidy();
    expect(harness.live.pendingChunks).toBe(0);
    return server.asked.slice(before);
  };

  beforeEach(() => {
    server = new HashEmbedder();
    folder = mkdtempSync(join(tmpdir(), 'lorekeep-embeddings-'));
    embedder = new CachedEmbedder(server, {
      path: join(folder, 'embeddings.sqlite'),
      maxBytes: 1e9,
      now: () => Date.now(),
      report: (problem) => expect.fail(problem),
    });
  });
  afterEach(async () => {
    for (const harness of harnesses.splice(0)) await harness.close();
    embedder.close();
    rmSync(folder, { recursive: true });
  });

  it('when a file or a folder is renamed', async () => {
    const harness = open();
    harness.write(files);
    expect(await asked(harness, [''])).not.toEqual([]);
    renameSync(harness.at('src/shop.py'), harness.at('src/store.py'));
    expect(await asked(harness, ['src/shop.py', 'src/store.py'])).toEqual([]);
    renameSync(harness.at('src'), harness.at('lib'));
    expect(await asked(harness, ['src', 'lib'])).toEqual([]);
    expect(harness.served()).toEqual(['docs/guide.md', 'lib/deep/prices.ts', 'lib/store.py']);
  });

  it('when a branch is left and come back to', async () => {
    const harness = open();
    initRepository(harness.root);
    commitFiles(harness.root, 'First', files);
    await asked(harness, ['']);
    git(harness.root, ['checkout', '-q', '-b', 'other']);
    commitFiles(harness.root, 'Other', { 'src/shop.py': shop(['reserve', 'refund', 'deliver']) });
    expect(await asked(harness, ['src'])).not.toEqual([]);
    git(harness.root, ['checkout', '-q', 'main']);
    expect(await asked(harness, ['src'])).toEqual([]);
    git(harness.root, ['checkout', '-q', 'other']);
    expect(await asked(harness, ['src'])).toEqual([]);
  });

  it('when a second work tree of the repository is indexed', async () => {
    const harness = open();
    initRepository(harness.root);
    commitFiles(harness.root, 'First', files);
    await asked(harness, ['']);
    const second = open();
    git(harness.root, ['worktree', 'add', '-q', '-b', 'second', second.root]);
    expect(await asked(second, [''])).toEqual([]);
    expect(second.served()).toEqual(harness.served());
  });

  it('when a formatter leaves the texts of chunks alone', async () => {
    const harness = open();
    harness.write(files);
    await asked(harness, ['']);
    // Blank lines between definitions, at the top and at the end; a touched file.
    const spaced = files['src/shop.py']
      .replace('\n\n\nclass', '\n\n\n\n\nclass')
      .replaceAll('\n\n    def', '\n\n\n    def');
    harness.write({ 'src/shop.py': `\n${spaced}\n\n`, 'docs/guide.md': `${files['docs/guide.md']}\n` });
    expect(await asked(harness, ['src/shop.py', 'docs/guide.md'])).toEqual([]);
  });

  it('of the chunks that an edit leaves alone', async () => {
    const harness = open();
    harness.write(files);
    await asked(harness, ['']);
    harness.write({ 'src/shop.py': files['src/shop.py'].replace('self.release_7 = ', 'self.release_7 = 40 + ') });
    const texts = await asked(harness, ['src/shop.py']);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('40 +');
  });
});
