import type { FileRecord, SkippedFile } from '../../../src/core/catalogue.ts';
import type { ChunkRecord } from '../../../src/core/vector-store.ts';
import { definedNames } from './random-content.ts';
import type { TestIndex } from './open-index.ts';

const idsPerRead = 500;

/**
 * Everything that an index serves, as sorted lines: rows of files, chunks with vectors, definitions, what is left out,
 * and anything in the store that nobody serves. `names`: definitions to look up. Numbers that only tell in which order files came are not among them.
 */
export async function exportIndex(
  { catalogue, store }: Pick<TestIndex, 'catalogue' | 'store'>,
  names: readonly string[] = definedNames,
): Promise<readonly string[]> {
  const files = [...catalogue.writer.files().values()];
  const served = new Map(files.map((record) => [record.file, record]));
  const chunks = await servedChunks({ catalogue, store } as TestIndex, served);
  const places = new Map(chunks.map((chunk) => [chunk.id, place(chunk)]));
  const strays = (await store.inventory()).filter(
    ({ file, generation }) => served.get(file)?.generation !== generation,
  );
  const symbols = catalogue.reader.symbolsNamed(names, 10_000);
  return [
    ...files.map((file) => line('file', file)),
    ...chunks.map((chunk) => line('chunk', { ...chunk, vector: [...(chunk.vector ?? [])] })),
    ...symbols.map((symbol) => line('symbol', { ...symbol, chunk: places.get(symbol.chunk) })),
    ...catalogue.reader.skipped().map((skipped) => line('skipped', linkless(skipped))),
    ...catalogue.reader.pathWordCounts(['']).map((count) => line('word', count)),
    ...strays.map((stray) => line('stray', stray)),
    line('pending', catalogue.writer.backlog()),
  ].toSorted();
}

async function servedChunks(
  { catalogue, store }: TestIndex,
  served: ReadonlyMap<number, FileRecord>,
): Promise<ChunkRecord[]> {
  const last = catalogue.reader.totals().chunks === 0 ? 0 : lastChunk(catalogue.reader);
  const chunks: ChunkRecord[] = [];
  for (let first = 1; first <= last; first += idsPerRead) {
    const ids = Array.from({ length: idsPerRead }, (_, at) => first + at);
    chunks.push(...(await store.read(ids)));
  }
  return chunks.filter(({ file, generation }) => served.get(file)?.generation === generation);
}

/** The highest id that was ever given. */
function lastChunk(reader: object): number {
  if (!('note' in reader) || typeof reader.note !== 'function') throw new Error('not the SQLite catalogue');
  return Number((reader as { note(key: string): string | null }).note('nextChunk')) - 1;
}

/** What a link leads to may change without the link: only that it is left out counts. */
function linkless(skipped: SkippedFile): SkippedFile {
  const isLink = ['link', 'broken_link', 'outside_root'].includes(skipped.reason);
  return isLink ? { ...skipped, reason: 'link', detail: '' } : skipped;
}

/** Where a chunk is. */
export function place({ path, startLine, endLine }: Pick<ChunkRecord, 'path' | 'startLine' | 'endLine'>): string {
  return `${path}:${startLine}-${endLine}`;
}

/** Numbers that tell in which order files came, or on which disk they lie. */
const leftOut = new Set(['id', 'file', 'generation', 'mtimeNs', 'inode']);

function line(kind: string, values: object): string {
  return `${kind} ${JSON.stringify(values, (key, value: unknown) => (leftOut.has(key) ? undefined : value))}`;
}
