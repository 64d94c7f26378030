import type {
  ChunkContent,
  ChunkOutline,
  ChunkRecord,
  QueryTerm,
  SearchOptions,
  StoreBatch,
  StoreFilter,
  StoreHit,
  VectorStore,
} from '../core/vector-store.ts';
import { rarity, saturation } from './bm25.ts';

interface StoredChunk {
  readonly record: ChunkRecord;
  /** How often each term occurs. */
  readonly frequencies: ReadonlyMap<string, number>;
  readonly length: number;
}

/** A VectorStore in memory, plain enough to be obviously right: the reference for the real one, and for tests. */
export class MemoryStore implements VectorStore {
  readonly #chunks = new Map<number, StoredChunk>();

  async write({ records, removeBefore }: StoreBatch): Promise<void> {
    for (const record of records) this.#chunks.set(record.id, analysed(record));
    const oldest = new Map(removeBefore.map(({ file, generation }) => [file, generation]));
    for (const [id, { record }] of this.#chunks) {
      if (record.generation < (oldest.get(record.file) ?? 0)) this.#chunks.delete(id);
    }
  }

  async optimize(): Promise<void> {
    // There is no index to bring up to date.
  }

  async searchText(terms: readonly QueryTerm[], { limit, filter }: SearchOptions): Promise<readonly StoreHit[]> {
    const chunks = [...this.#chunks.values()];
    const meanLength = chunks.reduce((sum, { length }) => sum + length, 0) / chunks.length;
    const weighted = terms
      .filter(({ weight }) => weight > 0)
      .map(({ term, weight }) => {
        const having = chunks.filter(({ frequencies }) => frequencies.has(term)).length;
        return { term, weight: weight * rarity(chunks.length, having) };
      });
    const score = ({ frequencies, length }: StoredChunk): number => {
      return weighted.reduce((sum, { term, weight }) => {
        const frequency = frequencies.get(term) ?? 0;
        return sum + weight * saturation({ frequency, length, meanLength });
      }, 0);
    };
    const hits = chunks
      .filter(({ record }) => passes(record, filter))
      .map((chunk) => hitOf(chunk.record, score(chunk)));
    return best(
      hits.filter((hit) => hit.score > 0),
      limit,
    );
  }

  async searchVector(vector: Float32Array, { limit, filter }: SearchOptions): Promise<readonly StoreHit[]> {
    const hits = [...this.#chunks.values()].flatMap(({ record }) =>
      record.vector !== undefined && passes(record, filter) ? [hitOf(record, cosine(vector, record.vector))] : [],
    );
    return best(hits, limit);
  }

  async contents(ids: readonly number[]): Promise<ReadonlyMap<number, ChunkContent>> {
    return new Map((await this.read(ids)).map(({ id, context, text }) => [id, { context, text }]));
  }

  async read(ids: readonly number[]): Promise<readonly ChunkRecord[]> {
    return ids.map((id) => this.#chunks.get(id)?.record).filter((record) => record !== undefined);
  }

  async outline(ids: readonly number[]): Promise<readonly ChunkOutline[]> {
    return (await this.read(ids)).map(outlineOf);
  }

  async inventory(): Promise<readonly { readonly file: number; readonly generation: number; readonly rows: number }[]> {
    const groups = Map.groupBy(this.#chunks.values(), ({ record }) => `${record.file} ${record.generation}`);
    return [...groups.values()].flatMap((chunks) => {
      const [first] = chunks;
      return first ? [{ file: first.record.file, generation: first.record.generation, rows: chunks.length }] : [];
    });
  }

  async close(): Promise<void> {
    this.#chunks.clear();
  }
}

function analysed(record: ChunkRecord): StoredChunk {
  const frequencies = new Map<string, number>();
  const terms = record.terms.split(/\s+/).filter((term) => term !== '');
  for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  return { record, frequencies, length: terms.length };
}

function passes({ file, language }: ChunkRecord, filter: StoreFilter | undefined): boolean {
  return (filter?.languages?.includes(language) ?? true) && (filter?.files?.includes(file) ?? true);
}

function outlineOf(record: ChunkRecord): ChunkOutline {
  const { id, file, generation, path, language, kind, name, startLine, endLine } = record;
  return { id, file, generation, path, language, kind, name, startLine, endLine };
}

function hitOf(record: ChunkRecord, score: number): StoreHit {
  return { ...outlineOf(record), score };
}

function best(hits: readonly StoreHit[], limit: number): readonly StoreHit[] {
  return hits.toSorted((left, right) => right.score - left.score || left.id - right.id).slice(0, Math.max(limit, 0));
}

function cosine(left: Float32Array, right: Float32Array): number {
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (const [i, value] of left.entries()) {
    const other = right[i] ?? 0;
    product += value * other;
    leftSquares += value * value;
    rightSquares += other * other;
  }
  return product / (Math.sqrt(leftSquares * rightSquares) || 1);
}
