import type { Embedder } from '../../core/embedding.ts';
import { type SearchableProject, searchLists } from '../gather.ts';
import { analyseQuestion, type Query } from '../query-analysis.ts';

/** How well the best chunk of an index fits a message. */
export interface Fit {
  /** BM25 of the best chunk for each query term, so that long messages do not fit better. */
  readonly lexical: number;
  /** Cosine of the best chunk, 0 without vectors. */
  readonly cosine: number;
}

/** What an index answers to messages that have nothing to do with it. */
export interface Background {
  readonly lexical: Spread;
  readonly cosine: Spread;
}

interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

const smallestDeviation = 0.02;

/** Messages about programming in general. What fits them is no sign that a message is about the project. */
const generalMessages = [
  'write a function that reverses a linked list',
  'what is the difference between a stack and a queue',
  'how do I undo the last commit',
  'explain how a hash table handles collisions',
  'translate this sentence into German',
  'what does this regular expression match',
  'how does garbage collection work in general',
  'write a query that finds duplicate rows',
  'how to center an element on a web page',
  'what is the time complexity of merge sort',
  'explain dependency injection with an example',
  'how do I parse a date string',
  'which design pattern should I use for undo',
  'how to read a file line by line',
  'what is a race condition',
  'write a script that renames all files in a folder',
  '用递归实现斐波那契数列',
  '什么是死锁，怎么避免',
  '进程和线程有什么区别',
  '帮我写一个冒泡排序',
  '解释一下什么是闭包',
  '如何学习算法和数据结构',
];

/** Asks an index as a search would, so that the lists serve both. */
export async function probe(project: SearchableProject, query: Query, embedder: Embedder | null): Promise<Fit> {
  const vector = await vectorOf(query.question, embedder);
  const { lexical, dense } = await searchLists(project.store, { query, vector, filter: {} });
  return fitOf(query, lexical[0]?.score, dense[0]?.score);
}

function fitOf({ terms }: Query, lexical = 0, cosine = 0): Fit {
  return { lexical: lexical / Math.sqrt(Math.max(1, terms.length)), cosine };
}

/** Null where the embedder cannot be asked or knows nothing of the message: then words alone decide. */
async function vectorOf(message: string, embedder: Embedder | null): Promise<Float32Array | null> {
  try {
    return embedder === null ? null : await embedder.embedQuery(message);
  } catch {
    return null;
  }
}

/** Measures what general messages find in an index; once for each state of it. */
export async function measureBackground(project: SearchableProject, embedder: Embedder | null): Promise<Background> {
  const fits = await Promise.all(generalMessages.map((message) => shortProbe(project, message, embedder)));
  return {
    lexical: spreadOf(fits.map(({ lexical }) => lexical)),
    cosine: spreadOf(fits.map(({ cosine }) => cosine)),
  };
}

/** Only the best hit, which no search will ask for. */
async function shortProbe({ store }: SearchableProject, message: string, embedder: Embedder | null): Promise<Fit> {
  const query = analyseQuestion(message);
  const vector = await vectorOf(message, embedder);
  const [lexical, dense] = await Promise.all([
    store.searchText(query.terms, { limit: 1 }),
    vector === null ? [] : store.searchVector(vector, { limit: 1 }),
  ]);
  return fitOf(query, lexical[0]?.score, dense[0]?.score);
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.max(smallestDeviation, Math.sqrt(variance)) };
}

/** How far a value lies above its background, in deviations, within -3 to 6. */
export function margin(value: number, { mean, deviation }: Spread): number {
  return Math.min(6, Math.max(-3, (value - mean) / deviation));
}
