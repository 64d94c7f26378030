import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IndexReport } from '../../../indexer/run/index-report.ts';
import { indexBytes } from '../../../src/store/index-place.ts';
import { percentile } from '../percentile.ts';
import { type MeasuredProcess, runMeasured } from './measured-process.ts';
import { measureRipgrep, measureZoekt } from './other-tools.ts';
import type { SearchTimes } from './search-child.ts';

export interface BenchScaleOptions {
  readonly folder: string;
  readonly embedder: string;
  /** Path of `zoekt-index`; undefined leaves zoekt out. */
  readonly zoektIndex: string | undefined;
  readonly runs: number;
  readonly questions: number;
  readonly seed: number;
}

type Figures = Record<string, number>;

/** So many words are looked for with the other tools, which take a process for each. */
const wordsForOthers = 40;

/**
 * A large tree from nothing to full speed: indexing, disk, memory, searches, a restart, an unchanged tree; each in a process of its
 * own. Other tools do the same tree in the same run. Gives the median of all runs.
 */
export async function benchScale(options: BenchScaleOptions): Promise<Record<string, unknown>> {
  const runs: Figures[] = [];
  const notes: string[] = [];
  if (options.zoektIndex === undefined) notes.push('zoekt was not measured: name it with --against zoekt-index=<path>');
  for (let run = 0; run < options.runs; run++) {
    const data = mkdtempSync(join(tmpdir(), 'lorekeep-scale-'));
    try {
      const { figures, words } = await measureLorekeep(options, data);
      const others = await measureOthers(options, { data, words });
      if (others.ripgrepProcessP50Ms === undefined && run === 0) notes.push('ripgrep was not measured: there is no rg');
      runs.push({ ...figures, ...others });
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }
  return {
    runs: runs.length,
    seed: options.seed,
    ...medians(runs),
    ...(notes.length > 0 && { notes: notes.join('; ') }),
  };
}

async function measureLorekeep(
  { folder, embedder, questions, seed }: BenchScaleOptions,
  data: string,
): Promise<{ figures: Figures; words: readonly string[] }> {
  const project = resolve(folder);
  const index = join(data, 'index');
  const { report, taken } = await indexOnce([project, index, embedder]);
  const diskBytes = indexBytes(index);
  const searched = await searchOnce([project, index, embedder, `${questions}`, `${seed}`]);
  const { questionMs, wordMs, words, firstAnswerMs } = searched;
  const again = await indexOnce([project, index, embedder]);
  const stages = Object.entries(report.stages).map(([stage, ms]): [string, number] => [
    `cpuSeconds.${stage}`,
    ms / 1000,
  ]);
  const { walk, read, parse, chunk, terms, embed, write, background } = report.stages;
  const cpuSeconds = (walk + read + parse + embed + write + background) / 1000;
  const figures = {
    files: report.files,
    chunks: report.chunks,
    sourceBytes: report.bytes,
    indexSeconds: taken.seconds,
    megabytesPerSecond: report.bytes / 1e6 / taken.seconds,
    ...Object.fromEntries(stages),
    'cpuSeconds.all': cpuSeconds,
    // What is left of the work when nothing but syntax trees and symbols is counted: no faster index without a faster parser.
    parseShareOfCpu: (parse - chunk - terms) / 1000 / cpuSeconds,
    indexPeakRssMegabytes: taken.peakRssMegabytes,
    diskBytes,
    diskPerSourceByte: diskBytes / report.bytes,
    searchP50Ms: percentile(questionMs, 0.5),
    searchP95Ms: percentile(questionMs, 0.95),
    wordSearchP50Ms: percentile(wordMs, 0.5),
    wordSearchP95Ms: percentile(wordMs, 0.95),
    searchPeakRssMegabytes: searched.peakRssMegabytes,
    restartToFirstAnswerMs: firstAnswerMs,
    reconcileSeconds: again.taken.seconds,
    reconcileSecondsPer10000Files: (again.report.elapsedMs / 1000 / report.files) * 10_000,
  };
  return { figures, words };
}

async function measureOthers(
  { folder, zoektIndex }: BenchScaleOptions,
  { data, words }: { readonly data: string; readonly words: readonly string[] },
): Promise<Figures> {
  const task = { project: resolve(folder), words: words.slice(0, wordsForOthers), folder: join(data, 'other') };
  mkdirSync(task.folder);
  const zoekt = zoektIndex === undefined ? {} : await measureZoekt(zoektIndex, task);
  return { ...zoekt, ...(await measureRipgrep(task)) };
}

/** Runs one of the modules beside this one; it prints its result as JSON. */
async function runChild(module: URL, args: readonly string[]): Promise<{ result: unknown; taken: MeasuredProcess }> {
  const taken = await runMeasured(process.execPath, [fileURLToPath(module), ...args]);
  return { result: JSON.parse(taken.output), taken };
}

async function indexOnce(args: readonly string[]): Promise<{ report: IndexReport; taken: MeasuredProcess }> {
  const { result, taken } = await runChild(new URL('./index-child.ts', import.meta.url), args);
  return { report: result as IndexReport, taken };
}

async function searchOnce(args: readonly string[]): Promise<SearchTimes> {
  return (await runChild(new URL('./search-child.ts', import.meta.url), args)).result as SearchTimes;
}

function medians(runs: readonly Figures[]): Figures {
  const names = new Set(runs.flatMap((run) => Object.keys(run)));
  const median = (name: string): number =>
    percentile(
      runs.map((run) => run[name]).filter((value) => value !== undefined),
      0.5,
    );
  return Object.fromEntries(Array.from(names, (name) => [name, median(name)]));
}
