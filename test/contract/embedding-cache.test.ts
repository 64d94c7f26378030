import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CachedEmbedder } from '../../src/store/cache/embedding-cache.ts';
import { fromFloat16, toFloat16 } from '../../src/core/packing/float16.ts';
import { HashEmbedder } from '../support/hash-embedder.ts';

const dayMs = 86_400_000;

describe('the embedding cache', () => {
  let folder: string;
  let path: string;
  let now = 0;
  let problems: string[] = [];
  const opened: CachedEmbedder[] = [];
  const open = (inner: HashEmbedder, maxBytes = 1e9) => {
    const cached = new CachedEmbedder(inner, {
      path,
      maxBytes,
      now: () => now,
      report: (problem) => problems.push(problem),
    });
    opened.push(cached);
    return cached;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lorekeep-embeddings-'));
    path = join(folder, 'embeddings.sqlite');
    now = 100 * dayMs;
    problems = [];
  });
  afterEach(() => {
    for (const cached of opened.splice(0)) cached.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('asks for each text once, also after a restart and in another project', async () => {
    const inner = new HashEmbedder();
    const first = await open(inner).embedDocuments(['one', 'two', 'one']);
    expect(inner.asked).toEqual(['one', 'two']);
    const again = new HashEmbedder();
    expect(await open(again).embedDocuments(['two', 'three', 'one'])).toEqual([first[1], expect.anything(), first[0]]);
    expect(again.asked).toEqual(['three']);
    expect(problems).toEqual([]);
  });

  test('a vector is the same, bit for bit, whether kept or new, and what the chunk store keeps', async () => {
    const [fresh] = await open(new HashEmbedder()).embedDocuments(['some words']);
    const [kept] = await open(new HashEmbedder()).embedDocuments(['some words']);
    expect(kept).toEqual(fresh);
    const vector = fresh && 'vector' in fresh ? fresh.vector : new Float32Array();
    expect(vector).toHaveLength(32);
    expect(fromFloat16(toFloat16(vector))).toEqual(vector);
  });

  test.each([
    { model: 'other' },
    { digest: '2' },
    { dimension: 16 },
    { documentPrefix: 'doc: ' },
    { queryPrefix: 'q: ' },
  ])('another identity asks anew: %o', async (difference) => {
    await open(new HashEmbedder()).embedDocuments(['text']);
    const other = new HashEmbedder(difference);
    await open(other).embedDocuments(['text']);
    expect(other.asked).toEqual(['text']);
  });

  test('failures are given back but not kept', async () => {
    const inner = new HashEmbedder();
    const cached = open(inner);
    const texts = ['fine', 'unembeddable'];
    expect(await cached.embedDocuments(texts)).toEqual([{ vector: expect.anything() }, { failed: 'It cannot be.' }]);
    await cached.embedDocuments(texts);
    expect(inner.asked).toEqual(['fine', 'unembeddable', 'unembeddable']);
  });

  test('stays within its size by dropping what was not used for longest', async () => {
    const cached = open(new HashEmbedder({ dimension: 256 }), 300_000);
    const batch = (day: number) => Array.from({ length: 100 }, (_, i) => `day ${day} text ${i}`);
    for (let day = 1; day <= 6; day++) {
      now = day * dayMs;
      await cached.embedDocuments(batch(day));
      await cached.embedDocuments(batch(1));
    }
    cached.close();
    expect(statSync(path).size).toBeLessThan(400_000);
    const inner = new HashEmbedder({ dimension: 256 });
    const reopened = open(inner, 300_000);
    await reopened.embedDocuments([...batch(1), ...batch(6)]);
    expect(inner.asked).toEqual([]);
    await reopened.embedDocuments(batch(2));
    expect(inner.asked.length).toBeGreaterThan(0);
  });

  test('a damaged cache is set aside and told, and the work goes on', async () => {
    writeFileSync(path, 'no database at all '.repeat(1000));
    const inner = new HashEmbedder();
    const cached = open(inner);
    expect(await cached.embedDocuments(['text'])).toEqual([{ vector: expect.anything() }]);
    expect(problems).toHaveLength(1);
    expect(existsSync(`${path}.damaged`)).toBe(true);
    await cached.embedDocuments(['text']);
    expect(inner.asked).toEqual(['text']);
  });

  test('without a place to write it works as if it were not there', async () => {
    path = join(folder, 'missing', 'embeddings.sqlite');
    const inner = new HashEmbedder();
    const cached = open(inner);
    await cached.embedDocuments(['text']);
    await cached.embedDocuments(['text']);
    expect(inner.asked).toEqual(['text', 'text']);
    expect(problems).toHaveLength(1);
  });
});
