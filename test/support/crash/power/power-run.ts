import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { toServiceError } from '../../../../src/core/errors.ts';
import { currentNumber } from '../../../../src/store/index-place.ts';
import { HashEmbedder } from '../../hash-embedder.ts';
import { Acknowledgements, type WriterLine } from '../acknowledgements.ts';
import { checkIndex } from '../check-index.ts';
import { CrashWorld, Random } from '../crash-world.ts';
import { embedderOf, indexWorld, servedRows } from '../index-world.ts';
import { type TraceEntry, tracedCalls } from './disk-call.ts';
import { DiskModel } from './disk-model.ts';
import { parseTrace } from './parse-trace.ts';

/** What a series of power cuts came to. */
export interface PowerReport {
  readonly cuts: number;
  /** Nothing was missing. */
  equal: number;
  /** The damage was noticed when the index was opened or read. */
  detected: number;
  /** The cut came before there was an index. */
  before: number;
  /** Runs afterwards that made the index anew. */
  rebuilt: number;
  readonly problems: string[];
}

/** False where the program that watches system calls is missing or not allowed to. */
export function canTrace(): boolean {
  return strace(['-o', '/dev/null', '-f', '--seccomp-bpf', 'true']).status === 0;
}

/** What a test says that is left out for it. */
export const traceLeftOut = 'Power cuts are not simulated: strace is missing here, or may not watch processes.';

/**
 * Writes an index while all that is done to files is noted, then cuts the power at random moments: what was not flushed
 * is gone, wholly or in part. Each disk that is left is read, taken up by a run, and compared with an index made at once.
 */
export async function cutPower({
  cuts,
  rounds,
  seed,
}: {
  cuts: number;
  rounds: number;
  seed: number;
}): Promise<PowerReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lorekeep-power-'));
  const report: PowerReport = { cuts, equal: 0, detected: 0, before: 0, rebuilt: 0, problems: [] };
  try {
    const world = join(folder, 'world');
    mkdirSync(world);
    const entries = traced(world, seed, rounds);
    const random = new Random(seed);
    const moments = Array.from({ length: cuts }, () => random.below(entries.length)).toSorted((a, b) => a - b);
    const disk = new DiskModel(world);
    const said: WriterLine[] = [];
    let at = 0;
    for (const [number, moment] of moments.entries()) {
      for (; at < moment; at++) take(entries[at]!, disk, said);
      const image = join(folder, `image-${number}`);
      const takes = random.below(3) === 0 ? 'all' : 'some';
      const cut = { takes, listingsUntil: takes === 'all' ? -1 : random.below(disk.calls + 1) } as const;
      disk.writeAfter(cut, { to: image, random, isWhole: (path) => path.startsWith('project') });
      const before = report.problems.length;
      await judge(image, said, report);
      if (report.problems.length > before)
        report.problems.push(`(cut ${number} after call ${moment}: ${JSON.stringify(cut)})`);
      rmSync(image, { recursive: true, force: true });
    }
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function take(entry: TraceEntry, disk: DiskModel, said: WriterLine[]): void {
  if ('call' in entry) disk.apply(entry);
  else for (const line of entry.said.split('\n')) if (line !== '') said.push(JSON.parse(line) as WriterLine);
}

function strace(words: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync('strace', words, {
    encoding: 'utf8',
    input,
    // libuv would hand some calls to the kernel by a queue that nobody can watch.
    env: { ...process.env, UV_USE_IO_URING: '0', LOREKEEP_TEST_BOOT: 'before the cut' },
  });
}

function traced(world: string, seed: number, rounds: number): TraceEntry[] {
  const trace = `${world}.trace`;
  const script = join(import.meta.dirname, '..', 'crash-writer.ts');
  const watching = ['-f', '--seccomp-bpf', '-y', '-xx', '-s', '100000000', '-e', `trace=${tracedCalls}`];
  const program = [process.execPath, script, world, String(seed), String(rounds)];
  const { stderr } = strace(['-o', trace, ...watching, ...program], 'go\n');
  const entries = parseTrace(readFileSync(trace, 'latin1'), world);
  if (!entries.some((entry) => 'said' in entry && entry.said.includes('"steps"')))
    throw new Error(`The writer failed: ${stderr}`);
  return entries;
}

async function judge(image: string, said: readonly WriterLine[], report: PowerReport): Promise<void> {
  const world = new CrashWorld(image);
  const acknowledged = new Acknowledgements();
  for (const line of said) acknowledged.take(line);
  const wasRead = await look(world, acknowledged, report);
  try {
    const before = currentNumber(world.indexFolder);
    const embedder = new HashEmbedder({ digest: await digestOf(world) });
    await indexWorld(world, embedder);
    if (before !== null && before !== currentNumber(world.indexFolder)) report.rebuilt++;
    const fresh = world.beside(join(image, 'fresh'));
    await indexWorld(fresh, embedder);
    if (!isDeepStrictEqual(await servedRows(world.indexFolder), await servedRows(fresh.indexFolder)))
      report.problems.push(`After a run, what is served is not what a fresh index has (${wasRead}).`);
  } catch (error) {
    report.problems.push(`A run did not heal the index: ${toServiceError(error).message} (${wasRead})`);
  }
}

async function digestOf({ indexFolder }: CrashWorld): Promise<string> {
  try {
    return await embedderOf(indexFolder);
  } catch {
    return '1';
  }
}

async function look(world: CrashWorld, acknowledged: Acknowledgements, report: PowerReport): Promise<string> {
  if (currentNumber(world.indexFolder) === null) {
    report.before++;
    const lost = acknowledged.total;
    if (lost > 0) report.problems.push(`There is no index, and ${lost} files were acknowledged.`);
    return 'no index';
  }
  try {
    const { number, hashes, problems } = await checkIndex(world.indexFolder);
    const lost = acknowledged.problems(number, (path) => hashes.get(path) ?? null);
    report.problems.push(...problems, ...lost);
    if (problems.length + lost.length === 0) report.equal++;
    return 'read';
  } catch (error) {
    report.detected++;
    return toServiceError(error).message;
  }
}
