import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { HashEmbedder } from '../hash-embedder.ts';
import { Acknowledgements, type WriterLine } from './acknowledgements.ts';
import { checkIndex } from './check-index.ts';
import { CrashWorld, Random } from './crash-world.ts';
import { embedderOf, indexWorld, servedRows, tidiedBytes } from './index-world.ts';

/** What a series of kills came to. */
export interface CrashReport {
  readonly kills: number;
  readonly atSteps: number;
  /** Runs of the writer that came to their end between kills. */
  readonly runs: number;
  /** Files that were found half stored, and indexed anew. */
  readonly repaired: number;
  readonly searches: number;
  /** Searches that found a file whole. */
  readonly whole: number;
  /** Bytes of the chunk table, tidied up, relative to one that was made at once. */
  readonly bytesOfFresh: number;
  readonly problems: readonly string[];
}

/** When a writer is killed: at a step, or so many milliseconds after it said so many lines. */
interface Death {
  readonly step: string;
  readonly afterLines: number;
  readonly afterMs: number;
}

/** A process that writes, loaded and waiting to be told to begin. */
interface Writer {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown[]>;
  /** All that it prints of errors. */
  readonly errors: Promise<string>;
}

const noDeath: Death = { step: '', afterLines: Infinity, afterMs: 0 };

const roundsOfWriter = 4;
/** A kill at random comes when the writer has said so many lines, which it does when it records, and so many milliseconds after. */
const mostLines = 8;
const mostMs = 80;

/** Kills a process that writes an index again and again, at random and at named steps, while another one searches. */
export async function killRepeatedly({ kills, seed }: { kills: number; seed: number }): Promise<CrashReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lorekeep-crash-'));
  try {
    return await new CrashRun(folder, seed).kill(kills);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class CrashRun {
  readonly #folder: string;
  readonly #world: CrashWorld;
  readonly #random: Random;
  readonly #said = new Acknowledgements();
  readonly #problems: string[] = [];
  #steps: readonly (readonly [string, number])[] = [];
  #seed: number;

  constructor(folder: string, seed: number) {
    this.#folder = folder;
    this.#world = new CrashWorld(folder);
    this.#random = new Random(seed);
    this.#seed = seed;
  }

  async kill(kills: number): Promise<CrashReport> {
    await this.#life(this.#start(noDeath), noDeath);
    const reader = spawnScript('crash-reader.ts', [this.#folder]);
    const read = text(reader);
    let atSteps = 0;
    let next = this.#prepare();
    for (let count = 0; count < kills && this.#problems.length < 20; count++) {
      const { writer, death } = next;
      if (count + 1 < kills) next = this.#prepare();
      if (death.step !== '') atSteps++;
      const before = this.#problems.length;
      await this.#life(writer, death);
      if (this.#problems.length > before) this.#problems.push(`(after kill ${count}: ${JSON.stringify(death)})`);
    }
    const bytesOfFresh = await this.#recover();
    reader.stdin?.end();
    const { problems, ...found } = JSON.parse(await read) as Pick<CrashReport, 'problems' | 'searches' | 'whole'>;
    const { runs, repaired } = this.#said;
    return { kills, atSteps, runs, repaired, ...found, bytesOfFresh, problems: [...this.#problems, ...problems] };
  }

  /** The next process is loaded while the one before it lives. Every second one ends at a step. */
  #prepare(): { writer: Writer; death: Death } {
    const [name, times] = this.#random.pick(this.#steps);
    const afterLines = 1 + this.#random.below(mostLines);
    const step = this.#random.below(2) === 0 ? '' : `${name}#${1 + this.#random.below(1 + this.#random.below(times))}`;
    const death = step === '' ? { step, afterLines, afterMs: this.#random.below(mostMs) } : { ...noDeath, step };
    return { writer: this.#start(death), death };
  }

  #start({ step }: Death): Writer {
    const words = [this.#folder, String(this.#seed++), String(roundsOfWriter), step];
    const child = spawnScript('crash-writer.ts', words);
    // Waited for from the beginning: it may end before anybody lets it live.
    return { child, ended: once(child, 'close'), errors: text(child, 'stderr') };
  }

  /** Lets a writer live, takes in what it said, and looks at what it left. */
  async #life({ child, ended, errors }: Writer, { afterLines, afterMs }: Death): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let count = 0;
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const said = JSON.parse(line) as WriterLine;
      this.#said.take(said);
      if ('steps' in said && this.#steps.length === 0) this.#steps = said.steps;
      if ('ready' in said) child.stdin?.write('go\n');
      if (++count === afterLines) timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    });
    const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    if (signal !== 'SIGKILL') this.#problems.push(`The writer ended by itself: ${await errors}`);
    await this.#look();
  }

  /** The next run must lead to what an index has that was made at once. */
  async #recover(): Promise<number> {
    const { indexFolder } = this.#world;
    const embedder = new HashEmbedder({ digest: await embedderOf(indexFolder) });
    await indexWorld(this.#world, embedder);
    const fresh = this.#world.beside(join(this.#folder, 'fresh'));
    await indexWorld(fresh, embedder);
    const [found, expected] = [await servedRows(indexFolder), await servedRows(fresh.indexFolder)];
    if (!isDeepStrictEqual(found, expected)) {
      this.#problems.push(`${found.length} rows are served, and not the ${expected.length} of a fresh index.`);
    }
    return (await tidiedBytes(indexFolder)) / (await tidiedBytes(fresh.indexFolder));
  }

  async #look(): Promise<void> {
    try {
      const { number, hashes, problems } = await checkIndex(this.#world.indexFolder);
      this.#problems.push(...problems, ...this.#said.problems(number, (path) => hashes.get(path) ?? null));
    } catch (error) {
      this.#problems.push(`The index cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function spawnScript(script: string, words: readonly string[]): ChildProcess {
  const path = join(import.meta.dirname, script);
  const environment = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'lorekeep-compile-cache') };
  return spawn(process.execPath, [path, ...words], { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
}

/** All that a process prints. */
async function text(child: ChildProcess, stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
  let all = '';
  for await (const part of child[stream]!) all += String(part);
  return all;
}
