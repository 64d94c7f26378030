import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IndexProgress } from '../../../indexer/run/index-progress.ts';
import type { EmbeddingResult } from '../../../src/core/embedding.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import type { VectorStore } from '../../../src/core/vector-store.ts';
import { HashEmbedder } from '../../support/hash-embedder.ts';
import { IndexHarness } from '../../support/index-harness.ts';

let harness: IndexHarness;
beforeEach(() => {
  harness = new IndexHarness();
});
afterEach(() => harness.dispose());

const python = (name: string, lines = 3): string =>
  `class ${name}:\n    """Says what it is."""\n    def answer(self):\n${'        self.count += 1\n'.repeat(lines)}`;

/** Makes files old enough to be trusted by their time. */
function age(...paths: string[]): void {
  const past = new Date(Date.now() - 60_000);
  for (const path of paths) utimesSync(join(harness.root, path), past, past);
}

function writeProject(): void {
  harness.write('src/alpha.py', python('Alphabet'));
  harness.write('src/beta.py', python('Betamax', 200));
  harness.write('notes/read.md', '# Heading\n\nSome zebra words.\n');
  harness.write('notes/plain.txt', 'Nothing but giraffe prose.\n');
  age('src/alpha.py', 'src/beta.py', 'notes/read.md', 'notes/plain.txt');
}

describe('indexProject', () => {
  it('indexes a project so that its words and symbols are found', async () => {
    writeProject();
    const report = await harness.run();
    expect(report).toMatchObject({
      files: 4,
      added: 4,
      parsed: 4,
      removed: 0,
      skipped: 0,
      aborted: false,
      repaired: 0,
    });
    expect(report.chunks).toBeGreaterThan(6);
    expect(await harness.find('alphabet')).toEqual(['src/alpha.py']);
    expect(await harness.find('giraffe')).toEqual(['notes/plain.txt']);
    const symbols = await harness.read((catalogue) => catalogue.symbolsNamed(['answer'], 10));
    expect(symbols.map(({ path, container }) => `${path} ${container}`).toSorted()).toEqual([
      'src/alpha.py Alphabet',
      'src/beta.py Betamax',
    ]);
    expect(await harness.read((catalogue) => catalogue.degraded())).toEqual([
      { path: 'notes/plain.txt', reason: 'no_grammar' },
    ]);
  });

  it('reads nothing in a second run of an unchanged project', async () => {
    writeProject();
    await harness.run();
    const second = await harness.run();
    expect(second).toMatchObject({
      files: 4,
      added: 0,
      changed: 0,
      unchanged: 4,
      parsed: 0,
      embedded: 0,
      aborted: false,
    });
    expect(second.stages.read + second.stages.parse).toBe(0);
  });

  it('looks at the content of files changed around a run, and parses none that are the same', async () => {
    harness.write('fresh.py', python('Fresh'));
    await harness.run();
    const seen: IndexProgress[] = [];
    expect(await harness.run({ onProgress: (progress) => seen.push(progress) })).toMatchObject({
      unchanged: 1,
      parsed: 0,
    });
    expect(seen.at(-1)).toMatchObject({ files: { done: 1, total: 1 } });
  });

  it('notices a change that neither size nor time tells', async () => {
    harness.write('same.py', python('Before'));
    const before = new Date();
    utimesSync(join(harness.root, 'same.py'), before, before);
    await harness.run();
    harness.write('same.py', python('After_'));
    utimesSync(join(harness.root, 'same.py'), before, before);
    expect(await harness.run()).toMatchObject({ changed: 1, parsed: 1 });
    expect(await harness.find('before')).toEqual([]);
    expect(await harness.find('after')).toEqual(['same.py']);
  });

  it('follows changes, additions and removals', async () => {
    writeProject();
    await harness.run();
    harness.write('src/alpha.py', python('Omega'));
    harness.write('src/new.py', python('Newcomer'));
    harness.remove('notes/plain.txt');
    const report = await harness.run();
    expect(report).toMatchObject({ files: 4, added: 1, changed: 1, removed: 1, unchanged: 2, parsed: 2 });
    expect(await harness.find('alphabet')).toEqual([]);
    expect(await harness.find('giraffe')).toEqual([]);
    expect(await harness.find('omega')).toEqual(['src/alpha.py']);
    expect(await harness.find('newcomer')).toEqual(['src/new.py']);
  });

  it('drops a file that turned into something it does not index, and says why', async () => {
    writeProject();
    await harness.run();
    harness.write('src/alpha.py', Buffer.alloc(5000));
    expect(await harness.run()).toMatchObject({ files: 3, removed: 1, skipped: 1, parsed: 0 });
    const skipped = await harness.read((catalogue) => catalogue.skipped());
    expect(skipped).toMatchObject([{ path: 'src/alpha.py', reason: 'binary' }]);
    expect(await harness.find('alphabet')).toEqual([]);
  });

  it('chunks anew, and only then, when the chunker works in another way', async () => {
    writeProject();
    const first = await harness.run();
    const small = await harness.run({ chunkOptions: { targetChars: 200 } });
    expect(small).toMatchObject({ files: 4, changed: 4, unchanged: 0 });
    expect(small.chunks).toBeGreaterThan(first.chunks);
    expect(await harness.run({ chunkOptions: { targetChars: 200 } })).toMatchObject({ parsed: 0 });
  });

  it('gives the same file numbers and chunks whatever the number of threads', async () => {
    const records = async (threads: number): Promise<unknown> => {
      const other = new IndexHarness();
      try {
        for (let at = 0; at < 30; at++) other.write(`f${at}.py`, python(`Name${at}`, (at * 37) % 90));
        await other.run({ threads });
        return await other.use(({ store }) => store.read(Array.from({ length: 200 }, (_, id) => id + 1)));
      } finally {
        other.dispose();
      }
    };
    expect(await records(3)).toEqual(await records(1));
  });

  it('reports one fraction from 0 to 1', async () => {
    writeProject();
    const seen: IndexProgress[] = [];
    await harness.run({ onProgress: (progress) => seen.push(progress) });
    const fractions = seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((left, right) => left - right));
    expect(fractions.at(-1)).toBe(1);
    expect(seen.at(-1)).toMatchObject({ files: { done: 4, total: 4 }, chunks: { done: seen.at(-1)!.chunks.total } });
  });
});

describe('a run that is stopped', () => {
  it('keeps what was recorded and goes on from there', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `f${String(at).padStart(3, '0')}.py`);
    for (const [at, name] of names.entries()) harness.write(name, python(`Class${at}`));
    age(...names);
    const controller = new AbortController();
    const first = await harness.run({
      signal: controller.signal,
      onProgress: ({ files, stage }) => {
        if (stage === 'parse' && files.done === 100) controller.abort();
      },
    });
    expect(first).toMatchObject({ aborted: true });
    expect(first.files).toBeGreaterThanOrEqual(64);
    expect(first.files).toBeLessThan(300);
    expect(await harness.find('class1')).toEqual(['f001.py']);
    const second = await harness.run();
    expect(second).toMatchObject({ files: 300, unchanged: first.files, added: 300 - first.files, aborted: false });
  });

  it('removes nothing when stopped during the walk', async () => {
    writeProject();
    await harness.run();
    const stopped = await harness.run({ signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ aborted: true, files: 4, removed: 0 });
  });
});

describe('a run after an unclean stop', () => {
  /** The store, but its first write fails. */
  function failingOnce(real: VectorStore): VectorStore {
    let failed = false;
    return new Proxy(real, {
      get: (target, name: keyof VectorStore) => {
        if (name !== 'write' || failed) return target[name].bind(target);
        failed = true;
        return () => Promise.reject(new Error('power cut'));
      },
    });
  }

  it('brings what was recorded but not stored, without parsing it again', async () => {
    writeProject();
    await expect(harness.run({ store: failingOnce })).rejects.toThrow('power cut');
    expect(await harness.run()).toMatchObject({ files: 4, parsed: 0, unchanged: 4, repaired: 0 });
    expect(await harness.find('alphabet')).toEqual(['src/alpha.py']);
  });

  it('indexes files anew whose chunks the store has lost', async () => {
    writeProject();
    await harness.run();
    const lost = await harness.read((catalogue) => catalogue.file('src/beta.py')!.file);
    await harness.use(({ store }) => store.write({ records: [], removeBefore: [{ file: lost, generation: 99 }] }));
    expect(await harness.find('betamax')).toEqual([]);
    expect(await harness.run()).toMatchObject({ repaired: 1, parsed: 1, unchanged: 3 });
    expect(await harness.find('betamax')).toEqual(['src/beta.py']);
  });

  it('drops chunks that the catalogue does not know', async () => {
    writeProject();
    await harness.run();
    await harness.use(async ({ store }) => {
      const [record] = await store.read([1]);
      await store.write({ records: [{ ...record!, id: 5000, file: 700, terms: 'orphan' }], removeBefore: [] });
      expect(await store.inventory()).toContainEqual({ file: 700, generation: 1, rows: 1 });
    });
    expect(await harness.run()).toMatchObject({ repaired: 0, parsed: 0 });
    const inventory = await harness.use(({ store }) => store.inventory());
    expect(inventory.some(({ file }) => file === 700)).toBe(false);
  });
});

describe('a run with an embedder', () => {
  it('gives each chunk a vector once, and finds by it', async () => {
    const embedder = new HashEmbedder();
    const semantic = new IndexHarness(embedder);
    try {
      semantic.write('a.py', python('Alphabet'));
      semantic.write('b.py', python('Betamax'));
      const report = await semantic.run();
      expect(report).toMatchObject({ chunks: 2, embedded: 2, degraded: 0 });
      expect(embedder.asked).toHaveLength(2);
      const [hit] = await semantic.use(async ({ store }) =>
        store.searchVector(await embedder.embedQuery('class Betamax'), { limit: 1 }),
      );
      expect(hit).toMatchObject({ path: 'b.py' });
      expect(await semantic.run()).toMatchObject({ embedded: 0, parsed: 0 });
      expect(embedder.asked).toHaveLength(2);
    } finally {
      semantic.dispose();
    }
  });

  it('keeps a file whose text cannot be embedded, searchable by its words, and says so', async () => {
    const semantic = new IndexHarness(new HashEmbedder());
    try {
      semantic.write('a.py', python('Alphabet'));
      semantic.write('b.py', `# unembeddable words\n${python('Betamax')}`);
      expect(await semantic.run()).toMatchObject({ files: 2, embedded: 2, degraded: 1 });
      expect(await semantic.read((catalogue) => catalogue.degraded())).toEqual([
        { path: 'b.py', reason: 'embedding_failed' },
      ]);
      expect(await semantic.find('betamax')).toEqual(['b.py']);
    } finally {
      semantic.dispose();
    }
  });

  it('fails when the embedder is gone, and embeds in the next run what it has recorded in this', async () => {
    class LostEmbedder extends HashEmbedder {
      lost = true;
      override async embedDocuments(texts: readonly string[]): Promise<readonly EmbeddingResult[]> {
        if (this.lost) throw new ServiceError('model_unavailable', 'The server does not answer. Start it.');
        return super.embedDocuments(texts);
      }
    }
    const embedder = new LostEmbedder();
    const semantic = new IndexHarness(embedder);
    try {
      semantic.write('a.py', python('Alphabet'));
      await expect(semantic.run()).rejects.toMatchObject({ code: 'model_unavailable' });
      embedder.lost = false;
      expect(await semantic.run()).toMatchObject({ files: 1, parsed: 0, embedded: 1, aborted: false });
    } finally {
      semantic.dispose();
    }
  });
});
