import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createRetriever } from '../../../src/retrieval/hybrid-retriever.ts';
import { BuiltinEmbedder } from '../../../src/model/builtin/builtin-embedder.ts';
import { openIndex } from '../../../src/store/index-folder.ts';
import { monotonicMs } from './monotonic.ts';
import type { ReaderAnswer, ReaderTask } from './index-reader.ts';

// A process that reads an index as the service does: opened once, asked for as long as it lives. Tasks come as lines of JSON, and so do
// the answers leave. It ends with its input.
const limit = 10;
/** Between two rounds of searches for what is not there yet. */
const pauseMs = 5;
type Sought = Extract<ReaderTask, { do: 'find' }> & { searches: number };

const index = openIndex(process.argv[2] ?? '');
const { catalogue, store } = index;
const embedder = new BuiltinEmbedder(catalogue.identity()?.embedder?.dimension);
const retriever = createRetriever({ projects: [{ name: 'live', catalogue, store }], embedder });
const sought = new Map<number, Sought>();
let isLooking = false;

await retriever.search({ question: 'where is the configuration read', limit });
answer({ id: 0, kind: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line) as ReaderTask;
  if (task.do === 'time') await time(task).catch((error: unknown) => failed(task.id, error));
  else {
    sought.set(task.id, { ...task, searches: 0 });
    if (!isLooking) void look();
  }
}
await index.close();

/** Searches for all that is sought, again and again, until nothing is. */
async function look(): Promise<void> {
  isLooking = true;
  while (sought.size > 0) {
    for (const one of sought.values()) {
      try {
        await lookOnce(one);
      } catch (error) {
        sought.delete(one.id);
        failed(one.id, error);
      }
    }
    await pause(pauseMs);
  }
  isLooking = false;
}

async function lookOnce(one: Sought): Promise<void> {
  const startedAt = monotonicMs();
  const isFound = await finds(one);
  one.searches++;
  const at = monotonicMs();
  if (!isFound && at < one.until) return;
  sought.delete(one.id);
  answer({ id: one.id, kind: 'sought', at: isFound ? at : null, searchMs: at - startedAt, searches: one.searches });
}

async function finds({ word, path }: Sought): Promise<boolean> {
  const { hits } = await retriever.search({ question: word, limit });
  return hits.some((hit) => hit.path === path && hit.text.includes(word));
}

async function time({ id, questions }: Extract<ReaderTask, { do: 'time' }>): Promise<void> {
  const times: number[] = [];
  for (const question of questions) {
    const startedAt = monotonicMs();
    await retriever.search({ question, limit });
    times.push(monotonicMs() - startedAt);
  }
  answer({ id, kind: 'timed', times });
}

function failed(id: number, error: unknown): void {
  const { stack, cause } = error as Error;
  answer({ id, kind: 'failed', message: `${stack}\n${cause instanceof Error ? cause.stack : ''}` });
}

function answer(told: ReaderAnswer): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
