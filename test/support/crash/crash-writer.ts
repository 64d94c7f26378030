import { writeSync } from 'node:fs';
import { LiveIndex } from '../../../indexer/live/live-index.ts';
import { createIgnoreMatcher } from '../../../indexer/walk/walk.ts';
import type { CatalogueWriter } from '../../../src/core/catalogue.ts';
import type { EmbedderIdentity } from '../../../src/core/embedding.ts';
import {
  type IndexRebuild,
  openIndexForWriting,
  rebuildIndex,
  type WritableIndex,
} from '../../../src/store/index-folder.ts';
import { currentNumber } from '../../../src/store/index-place.ts';
import { HashEmbedder } from '../hash-embedder.ts';
import type { WriterLine } from './acknowledgements.ts';
import { CrashWorld, Random } from './crash-world.ts';
import { embedderOf, indexWorld, worldOptions } from './index-world.ts';
import { pretendBoot, stepInside, stepping } from './step-points.ts';

/**
 * A process that changes a project and keeps its index, until it is killed: `<folder> <seed> <rounds> [<step>#<n>]`.
 * It ends itself by SIGKILL when it comes to that step for the n-th time. What it is about to record and what is recorded it
 * says on standard output.
 */
const [folder = '', seed = '0', rounds = '1', deadly = ''] = process.argv.slice(2);
const world = new CrashWorld(folder);
const random = new Random(Number(seed));
const passed = new Map<string, number>();
/** Of a run in so many, one is by another embedder, which makes the index anew beside the old one. */
const runsToRebuild = 4;
const refreshes = 4;

function say(line: WriterLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** Steps count from when it is told to begin. */
let hasBegun = false;

function onStep(step: string): void {
  if (!hasBegun) return;
  const times = (passed.get(step) ?? 0) + 1;
  passed.set(step, times);
  if (deadly === `${step}#${times}`) process.kill(process.pid, 'SIGKILL');
}

/** Says what is about to be recorded and what has been, and names the steps. */
function observed(writer: CatalogueWriter, index: number, pathOf: (file: number) => string | undefined) {
  /** What a transaction of several calls has recorded, which counts when it is over; null outside one. */
  let together: WriterLine[] | null = null;
  const around = (files: Record<string, string | null>, action: () => void): void => {
    say({ index, intent: files });
    action();
    if (together === null) say({ index, done: files });
    else together.push({ index, done: files });
  };
  const atomically = <T>(action: () => T): T => {
    if (together !== null) return action();
    const done: WriterLine[] = [];
    together = done;
    try {
      const result = inner.atomically(action);
      for (const line of done) say(line);
      return result;
    } finally {
      together = null;
    }
  };
  const gone = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, null]));
  const inner = stepping(writer, 'catalogue', onStep);
  const overrides: Partial<CatalogueWriter> = {
    atomically,
    record: (files) =>
      around(Object.fromEntries(files.map(({ path, hash }) => [path, hash])), () => inner.record(files)),
    remove: (paths) => around(gone(paths), () => inner.remove(paths)),
    forget: (files) => around(gone(files.map(pathOf).filter((path) => path !== undefined)), () => inner.forget(files)),
  };
  return new Proxy(inner, { get: (target, key) => Reflect.get(overrides, key) ?? Reflect.get(target, key) });
}

function observe<Index extends WritableIndex>(index: Index, number: number): Index {
  const pathOf = (wanted: number) => index.catalogue.paths().find(({ file }) => file === wanted)?.path;
  return {
    ...stepping(index, 'index', onStep),
    catalogue: index.catalogue,
    writer: observed(index.writer, number, pathOf),
    store: stepping(index.store, 'store', onStep),
  };
}

async function open(identity: EmbedderIdentity | null): Promise<WritableIndex> {
  const index = await openIndexForWriting(world.indexFolder, identity);
  onStep('index.open:after');
  return observe(index, currentNumber(world.indexFolder) ?? 0);
}

async function rebuild(identity: EmbedderIdentity | null): Promise<IndexRebuild> {
  const number = (currentNumber(world.indexFolder) ?? 0) + 1;
  say({ index: number, begun: true });
  const index = observe(await rebuildIndex(world.indexFolder, identity), number);
  onStep('index.rebuild:after');
  const publish = async (): Promise<void> => {
    say({ index: number, publishing: true });
    await index.publish();
    say({ index: number, published: true });
  };
  return { ...index, publish };
}

/** The embedder of the present index, now and then another one. */
async function nextEmbedder(): Promise<HashEmbedder> {
  const digest = await embedderOf(world.indexFolder);
  return new HashEmbedder({ digest: random.below(runsToRebuild) === 0 ? `${digest === '1' ? 2 : 1}` : digest });
}

/** As a watching process does: what changes is recorded at once, whatever else goes on. */
async function keepCurrent(): Promise<void> {
  const embedder = new HashEmbedder({ digest: await embedderOf(world.indexFolder) });
  const index = await open(await embedder.identity());
  const { catalogue: reader, writer, store } = index;
  const parts = { matcher: createIgnoreMatcher(world.root), catalogue: { reader, writer }, store, embedder };
  const live = new LiveIndex(parts, worldOptions());
  await live.reconcile();
  for (let turn = 0; turn < refreshes; turn++) {
    const refreshed = live.refresh(world.mutate(random));
    await (random.below(3) === 0 ? Promise.all([refreshed, live.tidy()]) : refreshed);
  }
  await live.close();
  await index.close();
}

async function run(): Promise<void> {
  const { repaired, parsed } = await indexWorld(world, await nextEmbedder(), { open, rebuild });
  say({ repaired, parsed });
}

const boot = process.env['LOREKEEP_TEST_BOOT'];
if (boot !== undefined) pretendBoot(boot);
await stepInside(onStep);
say({ ready: true });
process.stdin.once('data', () => {
  hasBegun = true;
  void write();
});

async function write(): Promise<void> {
  for (let round = 0; round < Number(rounds); round++) {
    world.mutate(random);
    if (currentNumber(world.indexFolder) === null || random.below(2) === 0) await run();
    else await keepCurrent();
  }
  say({ steps: [...passed] });
  process.kill(process.pid, 'SIGKILL');
}
