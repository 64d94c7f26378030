import { createRetriever } from '../../../src/retrieval/hybrid-retriever.ts';
import { openIndex } from '../../../src/store/index-folder.ts';
import { benchEmbedder } from '../bench-embedder.ts';
import { peakRssMegabytes } from './measured-process.ts';
import { type TreeQuestion, treeQuestions } from './tree-questions.ts';

/** What a process that searches says of itself. */
export interface SearchTimes {
  /** From the start of the process to its first answer. */
  readonly firstAnswerMs: number;
  readonly questionMs: readonly number[];
  /** Searches for single words, as other tools do them. */
  readonly wordMs: readonly number[];
  readonly words: readonly string[];
  readonly peakRssMegabytes: number;
}

const limit = 10;
const warmUps = 30;

const [project = '', folder = '', embedderName = '', count = '200', seed = '1'] = process.argv.slice(2);
const embedder = benchEmbedder(embedderName);
const index = openIndex(folder);
const { catalogue, store } = index;
const retriever = createRetriever({ projects: [{ name: 'bench', catalogue, store }], embedder });

await retriever.search({ question: 'where is the configuration read', limit });
// Node counts from the start of the process.
const firstAnswerMs = performance.now();

const paths = catalogue.paths().map(({ path }) => path);
const questions = treeQuestions(project, paths, { count: Number(count), seed: Number(seed) });
await timesOf(questions.slice(0, warmUps), ({ question }) => question);
const times: SearchTimes = {
  firstAnswerMs,
  questionMs: await timesOf(questions, ({ question }) => question),
  wordMs: await timesOf(questions, ({ word }) => word),
  words: questions.map(({ word }) => word),
  peakRssMegabytes: peakRssMegabytes(process.pid),
};
await index.close();
console.log(JSON.stringify(times));

async function timesOf(asked: readonly TreeQuestion[], textOf: (one: TreeQuestion) => string): Promise<number[]> {
  const taken: number[] = [];
  for (const one of asked) {
    const start = performance.now();
    await retriever.search({ question: textOf(one), limit });
    taken.push(performance.now() - start);
  }
  return taken;
}
