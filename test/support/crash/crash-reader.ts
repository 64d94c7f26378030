import { writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { gather } from '../../../src/retrieval/gather.ts';
import { openIndex, type ReadableIndex } from '../../../src/store/index-folder.ts';
import { LanceStore } from '../../../src/store/lance-store.ts';
import { CrashWorld, wordOf } from './crash-world.ts';

/**
 * A process that searches an index all the time, until its input ends: `<folder>`. Then it says on standard output how often it
 * searched and what was wrong, as JSON.
 */
const world = new CrashWorld(process.argv[2] ?? '');
const problems: string[] = [];
const counts = { searches: 0, whole: 0, onTheirWay: 0, opened: 0 };
let hasEnded = false;
let index: ReadableIndex | null = null;
// The writer goes first, and it is killed where it would otherwise have been.
setPriority(5);

process.stdin.on('end', () => (hasEnded = true)).resume();

async function search({ catalogue, store }: ReadableIndex, path: string): Promise<void> {
  const before = catalogue.file(path);
  // After the file: what it shows may have been recorded a moment ago.
  const wasPending = catalogue.totals().pending > 0;
  const word = wordOf(path);
  const query = { question: word, kind: 'plain' as const, words: [word], terms: [{ term: word, weight: 1 }] };
  const none = { names: [], phrases: [], paths: [] };
  const request = { query: { ...query, ...none }, vector: null, filter: {} };
  const { lexical } = await gather({ name: 'crash', store, catalogue }, request);
  const after = catalogue.file(path);
  counts.searches++;
  if (before === null || after === null || before.generation !== after.generation || before.file !== after.file) return;
  const hits = lexical.filter((hit) => hit.file === before.file);
  const found = new Set(hits.map(({ id }) => id)).size;
  if (hits.some(({ generation }) => generation !== before.generation) || hits.length !== found) {
    problems.push(`${path}: chunks of several generations, or one chunk twice.`);
  } else if (found === before.chunks) counts.whole++;
  // Without the overlay of what is on its way, a file is found when the store has it.
  else if (found === 0 && store instanceof LanceStore && (wasPending || catalogue.totals().pending > 0))
    counts.onTheirWay++;
  else problems.push(`${path}: ${found} of ${before.chunks} chunks of generation ${before.generation} were found.`);
}

async function turn(): Promise<void> {
  let opened: ReadableIndex | null = null;
  try {
    if (index?.isCurrent() === false) {
      await index.close();
      index = null;
    }
    if (index === null) {
      index = openIndex(world.indexFolder);
      counts.opened++;
    }
    opened = index;
    for (const { path } of index.catalogue.paths()) await search(index, path);
  } catch (error) {
    // A rebuild has put another index in its place: a reader opens that.
    if (opened !== null && !opened.isCurrent()) return;
    problems.push(`A search failed: ${error instanceof Error ? error.message : String(error)}`);
    await index?.close();
    index = null;
  }
}

while (!hasEnded && problems.length < 20) {
  await turn();
  // Lets the end of the input be noticed.
  await new Promise((resolve) => setImmediate(resolve));
}
writeSync(1, `${JSON.stringify({ ...counts, problems })}\n`);
process.exit(0);
