import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Hit } from '../../../src/core/retrieval.ts';
import { randomFrom } from '../random-from.ts';
import { SearchedProject } from '../searched-project.ts';
import { firstFiles } from './mutated-project.ts';
import { VersionLog, type RequestWindow, type VersionEntry } from './version-log.ts';

export interface QueryRun {
  readonly queries: number;
  readonly files: number;
  readonly seed: number;
  /** Brings the index up to date beside the queries, again and again. */
  readonly indexing: boolean;
}

export interface QueryOutcome {
  /** Places that were given out, and how many of them had to be read from disk. */
  readonly served: number;
  readonly readFromDisk: number;
  /** Changes of files while the queries ran. */
  readonly changes: number;
  /** Runs of the indexer beside the queries. */
  readonly indexRuns: number;
  /** Places whose text the file never held during the request. */
  readonly stale: readonly string[];
}

interface Served {
  readonly hit: Hit;
  readonly window: RequestWindow;
}

/** Asks for functions of a project that another process changes all the time, and checks each place against the log of its changes. */
export async function runQueries({ queries, files, seed, indexing }: QueryRun): Promise<QueryOutcome> {
  await using project = new SearchedProject({ 'README.md': '# A project that changes\n' });
  const mutator = await startMutator(project, files, seed);
  await project.index();
  const stop = new AbortController();
  const indexer = indexing ? indexUntil(project, stop.signal) : Promise.resolve(0);
  const served: Served[] = [];
  const names = firstFiles(files).flatMap((file) => file.functions.map(({ name }) => name));
  const random = randomFrom(seed + 1);
  try {
    for (let query = 0; query < queries; query++) {
      const asked = Array.from({ length: 3 }, () => names[Math.floor(random() * names.length)]);
      const from = process.hrtime.bigint();
      const { hits } = await project.search(asked.join(' '), { limit: 8 });
      const window = { from, to: process.hrtime.bigint() };
      served.push(...hits.map((hit) => ({ hit, window })));
    }
  } finally {
    stop.abort();
    await mutator.end();
  }
  const log = new VersionLog(JSON.parse(readFileSync(mutator.log, 'utf8')) as VersionEntry[]);
  return {
    served: served.length,
    readFromDisk: served.filter(({ hit }) => hit.generation === null).length,
    changes: log.changes,
    indexRuns: await indexer,
    stale: served.filter(({ hit, window }) => !isAllowed(log, hit, window)).map(({ hit }) => described(hit)),
  };
}

/** The file that nobody changes is in no log. */
function isAllowed(log: VersionLog, hit: Hit, window: RequestWindow): boolean {
  return hit.path === 'README.md' || log.allows(hit, window);
}

function described({ path, startLine, endLine, generation, text }: Hit): string {
  return `${path}:${startLine}-${endLine} (generation ${generation})\n${text}`;
}

async function indexUntil(project: SearchedProject, signal: AbortSignal): Promise<number> {
  let runs = 0;
  for (; !signal.aborted; runs++) await project.index();
  return runs;
}

async function startMutator(project: SearchedProject, files: number, seed: number) {
  const log = join(project.folder, 'versions.json');
  const script = fileURLToPath(new URL('mutator-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, project.root, log, String(files), String(seed)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  if ((await lines.next()).value !== 'ready') throw new Error('The process that changes the files did not start.');
  return {
    log,
    end: async () => {
      child.stdin.end();
      const [code] = (await exited) as [number | null];
      if (code !== 0) throw new Error(`The process that changes the files ended with ${code}.`);
    },
  };
}
