import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IndexOptions } from '../../../indexer/run/index-parts.ts';
import { LiveHarness, SharedParsers } from '../../support/live-harness.ts';

const parsers = new SharedParsers();
afterAll(() => parsers.close());

let harness: LiveHarness;
const open = (options: Partial<IndexOptions>): void => {
  harness = LiveHarness.create(options);
};
beforeEach(() => open({ parsers }));
afterEach(() => harness.close());

const python = (name: string): string => `def ${name}():\n    return 1\n`;
const reasons = () => harness.index.catalogue.reader.skipped().map(({ path, reason }) => `${path} ${reason}`);

describe('refresh', () => {
  it('records what a file holds now, and brings nothing to the store', async () => {
    await harness.live.reconcile();
    harness.write({ 'src/a.py': python('first') });
    expect(await harness.live.refresh(['src/a.py'])).toMatchObject({ added: 1, changed: 0, parsed: 1, chunks: 1 });
    harness.write({ 'src/a.py': python('second') });
    expect(await harness.live.refresh(['src/a.py'])).toMatchObject({ added: 0, changed: 1, parsed: 1 });
    expect(await harness.text('src/a.py')).toBe(python('second'));
    expect(await harness.index.store.inventory()).toEqual([]);
    expect(harness.live.pendingChunks).toBe(1);
    expect(harness.live.due).toBe('when_idle');
    await harness.live.tidy();
    expect(await harness.index.store.inventory()).toMatchObject([{ rows: 1 }]);
    expect(harness.live.pendingChunks).toBe(0);
  });

  it('writes nothing where nothing has changed', async () => {
    harness.write({ 'a.py': python('same') }, true);
    await harness.live.reconcile();
    const before = harness.index.catalogue.reader.file('a.py');
    const writes: string[] = [];
    for (const method of ['atomically', 'touch', 'record', 'remove', 'setSkipped'] as const) {
      Object.assign(harness.index.catalogue.writer, { [method]: () => writes.push(method) });
    }
    expect(await harness.live.refresh(['a.py', 'none.py'])).toMatchObject({ unchanged: 1, parsed: 0, removed: 0 });
    expect(writes).toEqual([]);
    expect(harness.index.catalogue.reader.file('a.py')).toEqual(before);
  });

  it('remembers a stat that moved alone, without parsing', async () => {
    harness.write({ 'a.py': python('same') }, true);
    await harness.live.reconcile();
    utimesSync(harness.at('a.py'), 1_100_000_000, 1_100_000_000);
    expect(await harness.live.refresh(['a.py'])).toMatchObject({ unchanged: 1, parsed: 0 });
    expect(harness.index.catalogue.reader.file('a.py')).toMatchObject({
      generation: 1,
      stat: { mtimeNs: 1_100_000_000_000_000_000n },
    });
  });

  it('sees a change that no stat tells, when it is named', async () => {
    harness.write({ 'a.py': python('before') }, true);
    await harness.live.reconcile();
    writeFileSync(harness.at('a.py'), python('after_'));
    utimesSync(harness.at('a.py'), 1_000_000_000, 1_000_000_000);
    expect(await harness.live.reconcile()).toMatchObject({ changed: 0 });
    expect(await harness.live.refresh(['a.py'])).toMatchObject({ changed: 1 });
  });

  it('follows files and folders that are moved, removed and swapped', async () => {
    harness.write({
      'old/a.py': python('a'),
      'old/deep/b.py': python('b'),
      'c.py': python('c'),
      'd/e.py': python('e'),
    });
    await harness.live.reconcile();
    renameSync(harness.at('old'), harness.at('new'));
    rmSync(harness.at('c.py'));
    harness.write({ 'c.py/inner.py': python('inner') });
    rmSync(harness.at('d'), { recursive: true });
    harness.write({ d: 'words' });
    // The folders' own names are enough, and so are those of files in folders that are none any more.
    const report = await harness.live.refresh(['old/a.py', 'new', 'c.py', 'd/e.py']);
    expect(report).toMatchObject({ added: 4, removed: 4 });
    expect(harness.served()).toEqual(['c.py/inner.py', 'd', 'new/a.py', 'new/deep/b.py']);
  });

  it('leaves out what became a link, with all that was below', async () => {
    harness.write({ 'a/b.py': python('b'), 'real/c.py': python('c') });
    await harness.live.reconcile();
    rmSync(harness.at('a'), { recursive: true });
    symlinkSync(harness.at('real'), harness.at('a'));
    await harness.live.refresh(['a/b.py', 'a/c.py']);
    expect(harness.served()).toEqual(['real/c.py']);
    expect(reasons()).toEqual(['a link']);
    rmSync(harness.at('a'));
    harness.write({ 'a/b.py': python('b') });
    await harness.live.refresh(['a']);
    expect(harness.served()).toEqual(['a/b.py', 'real/c.py']);
    expect(reasons()).toEqual([]);
  });

  it('applies rules when their file changes, and takes them back when it goes', async () => {
    harness.write({ 'src/a.py': python('a'), 'src/b.md': '# B\n', 'c.md': '# C\n' });
    await harness.live.reconcile();
    harness.write({ 'src/.gitignore': '*.md\n' });
    await harness.live.refresh(['src/.gitignore']);
    expect(harness.served()).toEqual(['c.md', 'src/.gitignore', 'src/a.py']);
    expect(await harness.live.refresh(['src/b.md'])).toMatchObject({ added: 0 });
    rmSync(harness.at('src/.gitignore'));
    await harness.live.refresh(['src/.gitignore']);
    expect(harness.served()).toEqual(['c.md', 'src/a.py', 'src/b.md']);
    harness.write({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/info/exclude': 'src\n' });
    await harness.live.refresh(['.git/info/exclude']);
    expect(harness.served()).toEqual(['c.md']);
  });

  it('leaves a folder out while it is marked as a cache', async () => {
    harness.write({ 'src/a.py': python('a'), 'src/deep/b.py': python('b') });
    await harness.live.reconcile();
    harness.write({ 'src/CACHEDIR.TAG': 'Signature: 8a477f597d28d172789f06886806bc55\n' });
    await harness.live.refresh(['src/CACHEDIR.TAG']);
    expect(harness.served()).toEqual([]);
    rmSync(harness.at('src/CACHEDIR.TAG'));
    await harness.live.refresh(['src/CACHEDIR.TAG']);
    expect(harness.served()).toEqual(['src/a.py', 'src/deep/b.py']);
  });

  it('forgets the rules of a folder that is gone', async () => {
    harness.write({ 'src/a.py': python('a'), 'src/.gitignore': 'b.py\n' });
    await harness.live.reconcile();
    expect(await harness.live.refresh(['src/b.py'])).toMatchObject({ added: 0 });
    rmSync(harness.at('src'), { recursive: true });
    await harness.live.refresh(['src']);
    harness.write({ 'src/b.py': python('b') });
    await harness.live.refresh(['src/b.py']);
    expect(harness.served()).toEqual(['src/b.py']);
  });

  it('keeps the list of files left out current, of the paths it looks at', async () => {
    harness.write({ '.env': 'A=1', 'src/id_rsa': 'key', 'src/blob.dat': '\0\0\0' });
    await harness.live.reconcile();
    expect(reasons()).toEqual(['.env secret', 'src/blob.dat binary', 'src/id_rsa secret']);
    harness.write({ 'src/blob.dat': 'words now\n', 'src/more.dat': '\0' });
    rmSync(harness.at('.env'));
    const report = await harness.live.refresh(['src/blob.dat', 'src/more.dat', '.env']);
    expect(report).toMatchObject({ added: 1, skipped: 1 });
    expect(reasons()).toEqual(['src/id_rsa secret', 'src/more.dat binary']);
  });

  it('trusts no time that may still hold another change; a later comparison does', async () => {
    const day = 24 * 60 * 60 * 1000;
    let isLater = false;
    await harness.close();
    open({ parsers, now: () => new Date(Date.now() + (isLater ? day : 0)) });
    harness.write({ 'a.py': python('before') });
    await harness.live.refresh(['a.py']);
    const { atime, mtime } = statSync(harness.at('a.py'));
    utimesSync(harness.at('a.py'), atime, mtime);
    await harness.live.refresh(['a.py']);
    writeFileSync(harness.at('a.py'), python('after_'));
    utimesSync(harness.at('a.py'), atime, mtime);
    expect(await harness.live.reconcile()).toMatchObject({ changed: 1 });
    isLater = true;
    expect(await harness.live.reconcile()).toMatchObject({ changed: 0, parsed: 0 });
    expect(harness.index.catalogue.reader.file('a.py')?.stat.mtimeNs).toBe(
      statSync(harness.at('a.py'), { bigint: true }).mtimeNs,
    );
  });

  it('does not take a project that cannot be found for an empty one', async () => {
    harness.write({ 'a.py': python('a') });
    await harness.live.reconcile();
    renameSync(harness.root, `${harness.root}-away`);
    await expect(harness.live.refresh(['a.py'])).rejects.toMatchObject({ code: 'source_unreadable' });
    await expect(harness.live.reconcile()).rejects.toMatchObject({ code: 'source_unreadable' });
    expect(harness.served()).toEqual(['a.py']);
    renameSync(`${harness.root}-away`, harness.root);
    expect(await harness.live.refresh(['a.py'])).toMatchObject({ unchanged: 1 });
  });

  it('is refused once the index is closed, or its caller has given up', async () => {
    harness.write({ 'a.py': python('a') });
    await expect(harness.live.refresh(['a.py'], AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    await harness.live.close();
    await expect(harness.live.refresh(['a.py'])).rejects.toMatchObject({ code: 'aborted' });
    expect(harness.served()).toEqual([]);
  });
});
