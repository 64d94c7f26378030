import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { indexedFile } from '../support/indexed-file.ts';
import type { OpenCatalogue } from './catalogue.ts';

/** What every Catalogue must tell its readers of changes on their way to the store. */
export function catalogueJournalContract(subject: string, open: () => Promise<OpenCatalogue>): void {
  describe(`${subject} as a journal`, () => {
    let catalogue: OpenCatalogue;
    beforeEach(async () => {
      catalogue = await open();
    });
    afterEach(async () => {
      await catalogue.close();
    });
    const fileNumber = (path: string) => catalogue.reader.file(path)?.file ?? Number.NaN;
    const drain = () => {
      for (let batch = catalogue.writer.nextBatch(1000); batch !== null; batch = catalogue.writer.nextBatch(1000)) {
        catalogue.writer.stored(batch);
      }
    };

    test('shows readers what is pending, and its chunks as the store gets them', () => {
      const { writer, elsewhere } = catalogue;
      const vectors = [Float32Array.of(0.5, -0.25), undefined];
      writer.record([indexedFile('a.ts', ['alpha', 'beta'], { vectors }), indexedFile('b.ts', [])]);
      const [a, b] = ['a.ts', 'b.ts'].map(fileNumber);
      const { first, files } = elsewhere.pending();
      expect(files).toMatchObject([
        { file: a, generation: 1, chunks: 2 },
        { file: b, generation: 1, chunks: 0 },
      ]);
      expect(first).toBe(files[0]?.sequence);
      const sequence = files[0]?.sequence ?? Number.NaN;
      expect(elsewhere.pendingRecords(sequence)).toEqual(writer.nextBatch(10)?.records);
      expect(elsewhere.pendingRecords(files[1]?.sequence ?? Number.NaN)).toEqual([]);

      const last = files[1]?.sequence ?? Number.NaN;
      expect(elsewhere.pending(last)).toEqual({ first, files: [] });
      writer.record([indexedFile('a.ts', ['new'])]);
      writer.remove(['b.ts']);
      expect(elsewhere.pendingRecords(sequence)).toBeNull();
      const later = elsewhere.pending(last);
      expect(later.first).toBeGreaterThan(last);
      expect(later.files).toMatchObject([
        { file: a, generation: 2, chunks: 1 },
        { file: b, generation: 2, chunks: 0 },
      ]);
      expect(elsewhere.pendingRecords(later.files[1]?.sequence ?? Number.NaN)).toBeNull();
      drain();
      expect(elsewhere.pending(last)).toEqual({ first: null, files: [] });
      writer.record([indexedFile('c.ts', ['x'])]);
      expect(elsewhere.pending(last).first).toBeGreaterThan(later.files[1]?.sequence ?? Number.NaN);
    });

    test('adds up chunks and search terms as files come, change and go', () => {
      const { writer, elsewhere } = catalogue;
      writer.record([indexedFile('a.ts', ['one two two', 'día']), indexedFile('b.ts', ['', ' x  y '])]);
      expect(elsewhere.lexicalTotals()).toEqual({ chunks: 4, terms: 6 });
      writer.record([indexedFile('a.ts', ['one'])]);
      expect(elsewhere.lexicalTotals()).toEqual({ chunks: 3, terms: 3 });
      drain();
      writer.touch('a.ts', { bytes: 7, mtimeNs: 5n, inode: 6n });
      expect(elsewhere.lexicalTotals()).toEqual({ chunks: 3, terms: 3 });
      writer.remove(['b.ts']);
      writer.forget([fileNumber('a.ts')]);
      expect(elsewhere.lexicalTotals()).toEqual({ chunks: 0, terms: 0 });
    });
  });
}
