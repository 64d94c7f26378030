import { describe, expect, it } from 'vitest';
import { embedRecords } from '../../../indexer/embed/embed-records.ts';
import type { Embedder, EmbeddingResult } from '../../../src/core/embedding.ts';
import type { ChunkRecord } from '../../../src/core/vector-store.ts';

const record = (id: number, given: Partial<ChunkRecord> = {}): ChunkRecord => ({
  id,
  file: id,
  generation: 1,
  path: `src/file${id}.ts`,
  language: 'typescript',
  kind: 'definition',
  name: 'find',
  startLine: 1,
  endLine: 2,
  context: '',
  text: `text ${id}`,
  terms: 'text',
  ...given,
});

/** Answers with the length of each text; fails texts that hold the word `bad`. */
function lengthEmbedder(calls: (readonly string[])[], answer?: readonly EmbeddingResult[]): Embedder {
  return {
    identity: () => Promise.reject(new Error('not asked')),
    embedQuery: () => Promise.reject(new Error('not asked')),
    embedDocuments(texts) {
      calls.push(texts);
      const results = texts.map((text) =>
        text.includes('bad') ? { failed: 'too long' } : { vector: Float32Array.of(text.length) },
      );
      return Promise.resolve(answer ?? results);
    },
  };
}

describe('embedRecords', () => {
  it('embeds context and text, without path and outer blanks', async () => {
    const calls: string[][] = [];
    const records = [record(1, { context: 'class A\nfind()', text: '\n  body\n' })];
    await embedRecords(records, lengthEmbedder(calls));
    expect(calls).toEqual([['class A\nfind()\nbody']]);
  });

  it('keeps order and vectors that are there, and asks in bounded calls', async () => {
    const calls: string[][] = [];
    const done: number[] = [];
    const present = Float32Array.of(42);
    const records = [record(0, { vector: present }), ...Array.from({ length: 600 }, (_, at) => record(at + 1))];
    const result = await embedRecords(records, lengthEmbedder(calls), { onEmbedded: (chunks) => done.push(chunks) });
    expect(result.records.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(result.records[0]!.vector).toBe(present);
    expect(result.records[600]!.vector).toEqual(Float32Array.of('text 600'.length));
    expect(result.embedded).toBe(600);
    expect(done.reduce((sum, chunks) => sum + chunks)).toBe(600);
    expect(Math.max(...calls.map((texts) => texts.length))).toBeLessThanOrEqual(256);
  });

  it('leaves a failing text without vector and names its file', async () => {
    const records = [record(1), record(2, { text: 'bad' }), record(3)];
    const result = await embedRecords(records, lengthEmbedder([]));
    expect(result.failedFiles).toEqual([2]);
    expect(result.records.map(({ vector }) => vector !== undefined)).toEqual([true, false, true]);
  });

  it('refuses an embedder that loses count', async () => {
    await expect(embedRecords([record(1), record(2)], lengthEmbedder([], []))).rejects.toMatchObject({
      code: 'internal',
    });
  });
});
