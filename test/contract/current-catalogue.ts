import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { indexedFile } from '../support/indexed-file.ts';
import type { OpenCatalogue } from './catalogue.ts';

/** What every Catalogue must do for an index that is kept current. */
export function currentCatalogueContract(subject: string, open: () => Promise<OpenCatalogue>): void {
  describe(`${subject} as the Catalogue of an index that is kept current`, () => {
    let catalogue: OpenCatalogue;
    beforeEach(async () => {
      catalogue = await open();
    });
    afterEach(async () => {
      await catalogue.close();
    });

    test('tells the files of a folder, and all of them by the page', () => {
      const paths = ['a.ts', 'a/b.ts', 'a/é/c.ts', 'a-b/d.ts', 'a0.ts', 'A/b.ts', '𝒳/z.ts'];
      catalogue.writer.record(paths.map((path) => indexedFile(path, ['x'])));
      const under = (folder: string) => [...catalogue.writer.files(folder).keys()].toSorted();
      expect(under('a')).toEqual(['a/b.ts', 'a/é/c.ts']);
      expect(under('a/é')).toEqual(['a/é/c.ts']);
      expect(under('a.ts')).toEqual(['a.ts']);
      expect(under('none')).toEqual([]);
      expect(under('')).toEqual(paths.toSorted());
      const found: string[] = [];
      for (let page = catalogue.writer.filesAfter('', 3); page.size > 0;) {
        expect(page.size).toBeLessThanOrEqual(3);
        found.push(...page.keys());
        page = catalogue.writer.filesAfter(found.at(-1) ?? '', 3);
      }
      expect(found.toSorted()).toEqual(paths.toSorted());
    });

    test('replaces the list of files left out in part', () => {
      const left = (path: string, detail = '') => ({ path, reason: 'binary' as const, detail });
      catalogue.writer.setSkipped(['a', 'a/b', 'a/b/c', 'a-b', 'z'].map((path) => left(path)));
      catalogue.writer.setSkipped([left('a/b/d'), left('z', 'new')], ['a/b', 'z', 'nothing']);
      const paths = (under?: string) => catalogue.elsewhere.skipped(under).map(({ path, detail }) => path + detail);
      expect(paths()).toEqual(['a', 'a-b', 'a/b/d', 'znew']);
      expect(paths('a')).toEqual(['a', 'a/b/d']);
      catalogue.writer.setSkipped([]);
      expect(paths()).toEqual([]);
    });

    test('writes all or nothing of what belongs together', () => {
      const { writer, elsewhere } = catalogue;
      writer.record([indexedFile('old.ts', ['x'])]);
      const move = (fails: boolean) =>
        writer.atomically(() => {
          writer.record([indexedFile('new.ts', ['x'])]);
          writer.touch('new.ts', { bytes: 1, mtimeNs: 2n, inode: 3n });
          writer.remove(['old.ts']);
          expect(elsewhere.paths().map(({ path }) => path)).toEqual(['old.ts']);
          if (fails) throw new Error('no room');
        });
      expect(() => move(true)).toThrow('no room');
      expect(elsewhere.paths().map(({ path }) => path)).toEqual(['old.ts']);
      move(false);
      expect(elsewhere.paths().map(({ path }) => path)).toEqual(['new.ts']);
    });

    test('tells what is pending, removals included', () => {
      const { writer } = catalogue;
      expect(writer.backlog()).toEqual({ files: 0, chunks: 0 });
      writer.record([indexedFile('a.ts', ['x', 'y']), indexedFile('b.ts', ['z'])]);
      expect(writer.backlog()).toEqual({ files: 2, chunks: 3 });
      const [a, b] = ['a.ts', 'b.ts'].map((path) => catalogue.reader.file(path)?.file);
      writer.record([indexedFile('a.ts', ['x'])]);
      writer.remove(['b.ts']);
      expect(writer.backlog()).toEqual({ files: 2, chunks: 1 });
      expect(writer.pendingFiles()).toEqual(new Set([a, b]));
      const batch = writer.nextBatch(10);
      if (batch !== null) writer.stored(batch);
      expect(writer.pendingFiles()).toEqual(new Set());
    });

    test('alarms are raised, reworded and taken back', () => {
      const { writer, elsewhere } = catalogue;
      writer.setAlarm('optimize', 'It failed.');
      writer.setAlarm('disk', 'It is full.');
      writer.setAlarm('optimize', 'It failed again.');
      expect(elsewhere.alarms()).toEqual([
        { name: 'disk', message: 'It is full.' },
        { name: 'optimize', message: 'It failed again.' },
      ]);
      writer.setAlarm('optimize', null);
      writer.setAlarm('never raised', null);
      expect(elsewhere.alarms().map(({ name }) => name)).toEqual(['disk']);
    });
  });
}
