import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Alarm } from '../../../src/core/catalogue.ts';
import { indexBytes } from '../../../src/store/index-place.ts';
import { percentile } from '../../bench/percentile.ts';
import { treeQuestions } from '../../bench/scale/tree-questions.ts';
import { Random } from '../changes/random.ts';
import { createSandbox, type Sandbox } from '../cli-process.ts';
import { IndexReader } from '../live/index-reader.ts';
import { IndexWatcher } from '../live/index-watcher.ts';
import { monotonicMs } from '../live/monotonic.ts';
import { openFiles, rssMegabytes } from '../live/process-figures.ts';
import { tidyings } from '../live/store-tidyings.ts';
import { type Growth, secondHalf } from './growth.ts';
import { indexDifference } from './index-difference.ts';
import { SoakProject } from './soak-project.ts';

export interface SoakRun {
  readonly changes: number;
  readonly seed: number;
}

/** What a long time of changes has left behind. */
export interface SoakOutcome {
  readonly files: number;
  /** Searches beside the changes. */
  readonly searches: number;
  /** How searches failed. */
  readonly failures: readonly string[];
  readonly seconds: number;
  readonly tidyings: number;
  readonly optimizations: number;
  /** Bytes of the index at rest, and of a new one of the same files. */
  readonly bytes: number;
  readonly freshBytes: number;
  /** Resident megabytes and open files of the writing process and of one that reads. */
  readonly grown: Readonly<Record<'writerMegabytes' | 'writerFiles' | 'readerMegabytes' | 'readerFiles', Growth>>;
  /** Of the same questions, beside each other: by the process that has read all the time, and by a new one in the new index. */
  readonly searchP95Ms: number;
  readonly freshSearchP95Ms: number;
  readonly alarms: readonly Alarm[];
  /** What differs between the index and a new one, '' if nothing. */
  readonly difference: string;
}

const tickMs = 200;
const changesPerTick = 5;
/** More than this is not let pile up, on a machine that is too slow for the pace. */
const mostPending = 200;
const questionPauseMs = 50;
const samples = 200;
const questionCount = 300;
const warmUps = 50;
const restMs = 180_000;

/** Changes files again and again while `lorekeep watch` keeps their index current and another process searches; then looks what is left. */
export async function runSoak({ changes, seed }: SoakRun): Promise<SoakOutcome> {
  const sandbox = createSandbox();
  try {
    const root = join(realpathSync(sandbox.home), 'project');
    mkdirSync(root);
    const project = new SoakProject(root, new Random(seed));
    const questions = treeQuestions(root, project.paths, { count: questionCount, seed }).map(
      ({ question }) => question,
    );
    await sandbox.json(root, 'index');
    const { indexFolder } = await statusOf(sandbox, root);
    const live = await soaked({ sandbox, root, project, questions, indexFolder, changes });
    const names = project.definedNames;
    const difference = await indexDifference({ live: indexFolder, fresh: live.freshFolder, names });
    const { freshFolder: _, ...figures } = live;
    return { files: project.paths.length, ...figures, difference };
  } finally {
    sandbox.remove();
  }
}

interface Soaking {
  readonly sandbox: Sandbox;
  readonly root: string;
  readonly project: SoakProject;
  readonly questions: readonly string[];
  readonly indexFolder: string;
  readonly changes: number;
}

type Soaked = Omit<SoakOutcome, 'files' | 'difference'> & { readonly freshFolder: string };

async function soaked(soaking: Soaking): Promise<Soaked> {
  const { sandbox, root, indexFolder, questions } = soaking;
  await using watcher = await IndexWatcher.start(sandbox, root);
  await using reader = await IndexReader.open(indexFolder);
  const tidied = tidyings(watcher, indexFolder);
  const startedAt = monotonicMs();
  const { grown, searches, failures } = await changeAndSearch(soaking, watcher, reader);
  const seconds = Math.round((monotonicMs() - startedAt) / 1000);
  await atRest(soaking, watcher);
  const bytes = indexBytes(indexFolder);
  const freshData = ['--data', join(sandbox.home, 'fresh')];
  await sandbox.json(root, 'index', ...freshData);
  const { indexFolder: freshFolder } = await statusOf(sandbox, root, ...freshData);
  await using freshReader = await IndexReader.open(freshFolder);
  const times = await timesBesideEachOther(questions, [reader, freshReader]);
  const { alarms } = await statusOf(sandbox, root);
  return {
    searches,
    failures,
    seconds,
    tidyings: tidied.length,
    optimizations: tidied.filter(({ hasOptimized }) => hasOptimized).length,
    bytes,
    freshBytes: indexBytes(freshFolder),
    grown,
    searchP95Ms: percentile(times[0]!, 0.95),
    freshSearchP95Ms: percentile(times[1]!, 0.95),
    alarms,
    freshFolder,
  };
}

function statusOf(
  sandbox: Sandbox,
  root: string,
  ...words: readonly string[]
): Promise<{ readonly indexFolder: string; readonly alarms: readonly Alarm[] }> {
  return sandbox.json(root, 'status', ...words);
}

async function changeAndSearch(
  { project, questions, changes }: Soaking,
  watcher: IndexWatcher,
  reader: IndexReader,
): Promise<Pick<SoakOutcome, 'grown' | 'searches' | 'failures'>> {
  const figures = {
    writerMegabytes: [] as number[],
    writerFiles: [] as number[],
    readerMegabytes: [] as number[],
    readerFiles: [] as number[],
  };
  const stop = new AbortController();
  const searching = searchUntil(reader, questions, stop.signal);
  const startedAt = monotonicMs();
  const ticks = Math.ceil(changes / changesPerTick);
  const sampleEvery = Math.max(1, Math.floor(ticks / samples));
  try {
    for (let tick = 0; tick < ticks; tick++) {
      for (let count = 0; count < changesPerTick; count++) project.change();
      if (tick % sampleEvery === 0) {
        figures.writerMegabytes.push(rssMegabytes(watcher.pid));
        figures.writerFiles.push(openFiles(watcher.pid));
        figures.readerMegabytes.push(rssMegabytes(reader.pid));
        figures.readerFiles.push(openFiles(reader.pid));
      }
      await pause(Math.max(0, startedAt + (tick + 1) * tickMs - monotonicMs()));
      if (watcher.pendingFiles > mostPending) {
        await watcher.until((event) => event.type === 'state' && (event.live?.pendingFiles ?? 0) <= mostPending);
      }
    }
  } finally {
    stop.abort();
  }
  const { writerMegabytes, writerFiles, readerMegabytes, readerFiles } = figures;
  const grown = {
    writerMegabytes: secondHalf(writerMegabytes),
    writerFiles: secondHalf(writerFiles),
    readerMegabytes: secondHalf(readerMegabytes),
    readerFiles: secondHalf(readerFiles),
  };
  return { grown, ...(await searching) };
}

async function searchUntil(
  reader: IndexReader,
  questions: readonly string[],
  signal: AbortSignal,
): Promise<Pick<SoakOutcome, 'searches' | 'failures'>> {
  let searches = 0;
  const failures: string[] = [];
  for (; !signal.aborted; searches++) {
    const question = questions[searches % questions.length]!;
    await reader.time([question]).catch((error: unknown) => failures.push(`${question}: ${String(error)}`));
    await pause(questionPauseMs);
  }
  return { searches, failures };
}

/** Waits until all is recorded and in the store, and nothing is left to do. */
async function atRest({ sandbox, root, project }: Soaking, watcher: IndexWatcher): Promise<void> {
  // Has all files compared: from here on nothing is on its way but what follows.
  await sandbox.json(root, 'index');
  let last = '';
  let isRecorded = false;
  const rest = watcher.until((event) => {
    isRecorded ||= event.type === 'changed' && event.paths.includes(last);
    return isRecorded && event.type === 'tidied' && event.isDone;
  });
  last = project.edit();
  const late = AbortSignal.timeout(restMs);
  await Promise.race([
    rest,
    new Promise<never>((_, reject) => late.addEventListener('abort', () => reject(late.reason as Error))),
  ]);
}

/** The same questions to both, in turns, so that both meet the machine in the same state. */
async function timesBesideEachOther(
  questions: readonly string[],
  readers: readonly IndexReader[],
): Promise<number[][]> {
  for (const reader of readers) await reader.time(questions.slice(0, warmUps));
  const times: number[][] = readers.map(() => []);
  for (const question of questions) {
    for (const [at, reader] of readers.entries()) times[at]!.push(...(await reader.time([question])));
  }
  return times;
}
