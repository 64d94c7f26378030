import { type SearchableProject, searchText } from '../gather.ts';
import { analyseQuestion } from '../query-analysis.ts';

/** What an index finds for a message by its words, beside what it finds for messages that have nothing to do with it. */
export interface Background {
  readonly mean: number;
  readonly deviation: number;
}

const smallestDeviation = 0.02;
/** A margin beyond these tells no more; the closer they are, the fewer messages need to ask the index. */
export const margins = { least: -0.5, most: 1.5 };

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

/**
 * How well the best chunk of an index fits a message: its BM25, so divided that long messages do not fit better. The index is asked
 * as a search would, so that the list serves both.
 */
export async function probe(project: SearchableProject, question: string): Promise<number> {
  const query = analyseQuestion(question);
  const hits = await searchText(project.store, query, {});
  return fit(hits[0]?.score ?? 0, query.terms.length);
}

function fit(score: number, terms: number): number {
  return score / Math.sqrt(Math.max(1, terms));
}

/** Measures what general messages find in an index; once for each state of it. */
export async function measureBackground({ store }: SearchableProject): Promise<Background> {
  const fits = await Promise.all(
    generalMessages.map(async (message) => {
      const { terms } = analyseQuestion(message);
      const [best] = await store.searchText(terms, { limit: 1 });
      return fit(best?.score ?? 0, terms.length);
    }),
  );
  const mean = fits.reduce((sum, value) => sum + value, 0) / fits.length;
  const variance = fits.reduce((sum, value) => sum + (value - mean) ** 2, 0) / fits.length;
  return { mean, deviation: Math.max(smallestDeviation, Math.sqrt(variance)) };
}

/** How far a fit lies above its background, in deviations, within `margins`. */
export function margin(value: number, { mean, deviation }: Background): number {
  return Math.min(margins.most, Math.max(margins.least, (value - mean) / deviation));
}
