import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Catalogue, PendingBatch } from '../../src/core/catalogue.ts';
import { definition, indexedFile } from '../support/indexed-file.ts';

/** An open catalogue, and a second, independent view of it for reading. */
export interface OpenCatalogue extends Catalogue {
  /** A reader that shares nothing with the writer but the disk. */
  readonly elsewhere: Catalogue['reader'];
  close(): Promise<void>;
}

const emptyTotals = { files: 0, chunks: 0, symbols: 0, skipped: 0, degraded: 0, bytes: 0, pending: 0, languages: [] };

/** What every Catalogue must do. */
export function catalogueContract(subject: string, open: () => Promise<OpenCatalogue>): void {
  describe(`${subject} as a Catalogue`, () => {
    let catalogue: OpenCatalogue;
    beforeEach(async () => {
      catalogue = await open();
    });
    afterEach(async () => {
      await catalogue.close();
    });
    const fileNumber = (path: string) => catalogue.reader.file(path)?.file ?? Number.NaN;
    const drain = () => {
      const batches: PendingBatch[] = [];
      for (let batch = catalogue.writer.nextBatch(1000); batch !== null; batch = catalogue.writer.nextBatch(1000)) {
        batches.push(batch);
        catalogue.writer.stored(batch);
      }
      return batches;
    };

    test('a new one is empty', () => {
      const { reader, writer } = catalogue;
      expect(reader.totals()).toEqual(emptyTotals);
      expect(reader.lastCompletedRun()).toBeNull();
      expect(reader.file('a.ts')).toBeNull();
      expect(reader.fileCount()).toBe(0);
      expect(reader.paths()).toEqual([]);
      expect(reader.generations([1, 2])).toEqual(new Map());
      expect(reader.symbolsNamed(['a'], 5)).toEqual([]);
      expect(reader.pathWordCounts(['a', ''])).toEqual([]);
      expect(reader.pending()).toEqual({ first: null, files: [] });
      expect(reader.lexicalTotals()).toEqual({ chunks: 0, terms: 0 });
      expect(writer.nextBatch(10)).toBeNull();
      expect(writer.files()).toEqual(new Map());
    });

    test('serves what was recorded, to other readers too, with 64-bit stats', () => {
      const file = indexedFile('src/día/a b.ts', ['one two', 'three'], {
        degraded: ['guessed_encoding', 'no_grammar'],
      });
      catalogue.writer.record([file]);
      for (const reader of [catalogue.reader, catalogue.elsewhere]) {
        const record = reader.file('src/día/a b.ts');
        expect(record).toMatchObject({ hash: file.hash, stat: file.stat, language: 'typescript', encoding: 'utf-8' });
        expect(record).toMatchObject({ generation: 1, chunkerVersion: '1', chunks: 2, lines: 2 });
        expect(record?.degraded.toSorted()).toEqual(['guessed_encoding', 'no_grammar']);
        expect(reader.paths()).toEqual([{ file: record?.file, path: file.path, language: 'typescript' }]);
        expect(reader.totals()).toEqual({
          ...emptyTotals,
          files: 1,
          chunks: 2,
          degraded: 1,
          bytes: file.stat.bytes,
          pending: 1,
          languages: [{ language: 'typescript', files: 1 }],
        });
      }
      expect(catalogue.writer.files().get(file.path)).toEqual(catalogue.reader.file(file.path));
    });

    test('hands out pending chunks as store records, whole files, until they are stored', () => {
      const vector = Float32Array.of(0, -1);
      const lines = (n: number) => [`alpha ${n}`, `día 𝒳 ${n}`];
      const context = ['class A', 'run()'];
      catalogue.writer.record([1, 2, 3].map((n) => indexedFile(`f${n}.ts`, lines(n), { context, vectors: [vector] })));
      const batch = catalogue.writer.nextBatch(4);
      expect(batch?.removeBefore).toEqual([]);
      expect(batch?.records.map(({ path, text, terms }) => [path, text, terms])).toEqual([
        ['f1.ts', 'alpha 1\n', 'alpha 1'],
        ['f1.ts', 'día 𝒳 1\n', 'día 𝒳 1'],
        ['f2.ts', 'alpha 2\n', 'alpha 2'],
        ['f2.ts', 'día 𝒳 2\n', 'día 𝒳 2'],
      ]);
      const [record, second] = batch?.records ?? [];
      expect(record).toMatchObject({
        file: fileNumber('f1.ts'),
        generation: 1,
        language: 'typescript',
        kind: 'code',
        name: '',
      });
      expect(record).toMatchObject({ startLine: 1, endLine: 1, context: 'class A\nrun()', vector });
      expect(second).not.toHaveProperty('vector');
      expect(new Set(batch?.records.map(({ id }) => id)).size).toBe(4);
      expect(catalogue.writer.nextBatch(4)).toEqual(batch);
      expect(catalogue.writer.nextBatch(1)?.records).toHaveLength(2);
      if (batch) catalogue.writer.stored(batch);
      expect(catalogue.reader.totals().pending).toBe(1);
      expect(catalogue.writer.nextBatch(4)?.records.map(({ path }) => path)).toEqual(['f3.ts', 'f3.ts']);
      drain();
      expect(catalogue.writer.nextBatch(4)).toBeNull();
    });

    test('a file without chunks passes through', () => {
      catalogue.writer.record([indexedFile('empty.ts', [])]);
      expect(drain().flatMap(({ records }) => records)).toEqual([]);
      expect(catalogue.reader.file('empty.ts')).toMatchObject({ chunks: 0, lines: 0 });
    });

    test('new content has a higher generation, new chunk ids, and drops the older one', () => {
      catalogue.writer.record([indexedFile('a.ts', ['old'])]);
      const before = drain();
      catalogue.writer.record([indexedFile('a.ts', ['new', 'er'])]);
      const after = drain();
      const file = fileNumber('a.ts');
      expect(after.flatMap(({ removeBefore }) => removeBefore)).toEqual([{ file, generation: 2 }]);
      expect(after.flatMap(({ records }) => records.map(({ generation, text }) => [generation, text]))).toEqual([
        [2, 'new\n'],
        [2, 'er\n'],
      ]);
      const ids = [...before, ...after].flatMap(({ records }) => records.map(({ id }) => id));
      expect(new Set(ids).size).toBe(3);
      expect(catalogue.reader.generations([file, 99])).toEqual(new Map([[file, 2]]));
      expect(catalogue.reader.totals()).toMatchObject({ files: 1, chunks: 2, pending: 0 });
    });

    test('content that changes while a batch is on its way stays pending', () => {
      catalogue.writer.record([indexedFile('a.ts', ['first'])]);
      const batch = catalogue.writer.nextBatch(10);
      catalogue.writer.record([indexedFile('a.ts', ['second'])]);
      if (batch) catalogue.writer.stored(batch);
      const next = catalogue.writer.nextBatch(10);
      expect(next?.records.map(({ text }) => text)).toEqual(['second\n']);
      expect(next?.removeBefore).toEqual([{ file: fileNumber('a.ts'), generation: 2 }]);
    });

    test('removed and forgotten files are no longer served, and their numbers are not used again', () => {
      catalogue.writer.record([indexedFile('a.ts', ['a']), indexedFile('b.ts', ['b']), indexedFile('c.ts', ['c'])]);
      const numbers = ['a.ts', 'b.ts', 'c.ts'].map(fileNumber);
      const [a, b] = numbers;
      drain();
      catalogue.writer.remove(['a.ts', 'unknown.ts']);
      catalogue.writer.forget([b ?? 0, 12345]);
      expect(catalogue.elsewhere.paths().map(({ path }) => path)).toEqual(['c.ts']);
      expect(catalogue.reader.generations(numbers).size).toBe(1);
      const [batch] = drain();
      expect(batch?.records).toEqual([]);
      expect(batch?.removeBefore).toEqual([
        { file: a, generation: 2 },
        { file: b, generation: 2 },
      ]);
      catalogue.writer.record([indexedFile('a.ts', ['a'])]);
      expect(numbers).not.toContain(fileNumber('a.ts'));
    });

    test('a removed file whose content was still pending leaves nothing behind', () => {
      catalogue.writer.record([indexedFile('a.ts', ['a'])]);
      catalogue.writer.remove(['a.ts']);
      const batches = drain();
      expect(batches.flatMap(({ records }) => records)).toEqual([]);
      expect(catalogue.reader.totals()).toEqual(emptyTotals);
    });

    test('finds definitions by folded name, in the chunk that holds the name', () => {
      const a = definition('parseURL', 6, { kind: 'method', container: 'Outer', startLine: 2, endLine: 7 });
      catalogue.writer.record([
        indexedFile('a.ts', ['first', 'parse url'], {
          symbols: [definition('other', 0), a, definition('parse_url', 7)],
        }),
        indexedFile('b.py', ['x'], { language: 'python', symbols: [definition('ParseUrl', 0)] }),
      ]);
      const batch = catalogue.writer.nextBatch(10);
      const idOf = (text: string) => batch?.records.find((record) => record.text === text)?.id;
      const hits = catalogue.elsewhere.symbolsNamed(['PARSE_URL'], 10);
      expect(hits.map(({ name, path, chunk }) => [name, path, chunk])).toEqual([
        ['parseURL', 'a.ts', idOf('parse url\n')],
        ['parse_url', 'a.ts', idOf('parse url\n')],
        ['ParseUrl', 'b.py', idOf('x\n')],
      ]);
      expect(hits[0]).toEqual({
        ...a,
        file: fileNumber('a.ts'),
        path: 'a.ts',
        language: 'typescript',
        chunk: hits[0]?.chunk,
      });
      expect(catalogue.reader.symbolsNamed(['other', 'parseurl', 'Other'], 2).map(({ name }) => name)).toEqual([
        'other',
        'parseURL',
        'parse_url',
      ]);
      expect(catalogue.reader.symbolsNamed(['', '___'], 5)).toEqual([]);
      expect(catalogue.reader.totals().symbols).toBe(4);
    });

    test('definitions change with their file', () => {
      catalogue.writer.record([
        indexedFile('a.ts', ['x'], { symbols: [definition('gone', 0), definition('kept', 0)] }),
      ]);
      expect(catalogue.reader.symbolsNamed(['gone', 'kept'], 5)).toHaveLength(2);
      catalogue.writer.record([
        indexedFile('a.ts', ['x'], { symbols: [definition('kept', 0), definition('added', 0)] }),
      ]);
      for (const reader of [catalogue.reader, catalogue.elsewhere]) {
        expect(reader.symbolsNamed(['gone', 'kept', 'added'], 5).map(({ name }) => name)).toEqual(['kept', 'added']);
      }
      catalogue.writer.remove(['a.ts']);
      expect(catalogue.reader.symbolsNamed(['kept', 'added'], 5)).toEqual([]);
    });

    test('counts path words by prefix as files come and go', () => {
      const words = (...prefixes: string[]) =>
        catalogue.elsewhere.pathWordCounts(prefixes).map(({ word, files }) => `${word} ${files}`);
      catalogue.writer.record(
        ['src/parser/main.ts', 'src/parse.ts', 'lib/main.ts'].map((path) => indexedFile(path, ['x'])),
      );
      catalogue.writer.record([indexedFile('src/parse.ts', ['changed'])]);
      expect(words('pars', 'main', 'nothing')).toEqual(['parse 1', 'parser 1', 'main 2']);
      expect(words('s')).toEqual(['src 2']);
      catalogue.writer.remove(['src/parser/main.ts']);
      expect(words('p', 'pars', 'm')).toEqual(['parse 1', 'main 1']);
      expect(catalogue.reader.fileCount()).toBe(2);
    });

    test('touch moves the stat alone; degrade adds a reason', () => {
      catalogue.writer.record([indexedFile('a.ts', ['x'], { degraded: ['no_grammar'] })]);
      const before = catalogue.reader.file('a.ts');
      const stat = { bytes: 7, mtimeNs: 5n, inode: 6n };
      catalogue.writer.touch('a.ts', stat);
      expect(catalogue.reader.file('a.ts')).toEqual({ ...before, stat });
      catalogue.writer.degrade([before?.file ?? 0, 999], 'embedding_failed');
      catalogue.writer.degrade([before?.file ?? 0], 'embedding_failed');
      expect(catalogue.reader.degraded().map(({ path, reason }) => `${path} ${reason}`)).toEqual([
        'a.ts no_grammar',
        'a.ts embedding_failed',
      ]);
    });

    test('keeps identity, runs, skipped files and quarantine', () => {
      const embedder = { model: 'm', digest: 'd', dimension: 2, documentPrefix: 'doc: ', queryPrefix: '' };
      const { writer, elsewhere } = catalogue;
      writer.setIdentity({ schema: 7, embedder });
      expect(elsewhere.identity()).toEqual({ schema: 7, embedder });
      writer.beginRun('2026-01-01T00:00:00.000Z');
      expect(elsewhere.lastCompletedRun()).toBeNull();
      writer.completeRun('2026-01-01T00:01:00.000Z');
      expect(elsewhere.lastCompletedRun()).toBe('2026-01-01T00:01:00.000Z');
      writer.setSkipped([{ path: 'old.bin', reason: 'binary', detail: '' }]);
      const skipped = [
        { path: 'a.bin', reason: 'binary' as const, detail: 'Holds NUL bytes.' },
        { path: 'b.env', reason: 'secret' as const, detail: '' },
      ];
      writer.setSkipped(skipped.toReversed());
      expect(elsewhere.skipped()).toEqual(skipped);
      expect(elsewhere.totals().skipped).toBe(2);
      writer.quarantine('0f'.repeat(32));
      writer.quarantine('0f'.repeat(32));
      expect(writer.quarantined()).toEqual(new Set(['0f'.repeat(32)]));
    });
  });
}
