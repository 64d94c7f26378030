import { expect, it } from 'vitest';
import { HintQueue, maxPaths } from '../../../indexer/watch/thread/hint-queue.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** A queue whose pieces are taken at once, unless a test takes them itself. */
function queueOf(takes: boolean) {
  const clock = new HandClock();
  const pieces: { readonly at: number; readonly paths: readonly string[] }[] = [];
  const begun = clock.now();
  let overflows = 0;
  const queue = new HintQueue(
    {
      onPaths(paths) {
        pieces.push({ at: clock.now() - begun, paths });
        if (takes) queue.taken();
      },
      onOverflow: () => overflows++,
    },
    clock,
  );
  return { queue, clock, pieces, overflows: () => overflows };
}

it('hands over what changed within 30 ms in one piece, each path once', async () => {
  const { queue, clock, pieces } = queueOf(true);
  queue.add('a.ts');
  await clock.pass(20);
  queue.add('b.ts');
  queue.add('a.ts');
  await clock.pass(9);
  expect(pieces).toEqual([]);
  await clock.pass(1000);
  expect(pieces).toEqual([{ at: 30, paths: ['a.ts', 'b.ts'] }]);
});

it('hands over a folder without what lies in it', async () => {
  const { queue, clock, pieces } = queueOf(true);
  for (const path of ['src/in/a.ts', 'src-b/c.ts', 'src', 'src/b.ts']) queue.add(path);
  await clock.pass(30);
  expect(pieces.map(({ paths }) => paths)).toEqual([['src-b/c.ts', 'src']]);
});

it('waits longer and longer for a path that changes all the time, and not for others', async () => {
  const { queue, clock, pieces } = queueOf(true);
  for (let at = 0; at < 10_000; at += 10) {
    queue.add('app.log');
    if (at % 500 === 0) queue.add(`src/f${at}.ts`);
    await clock.pass(10);
  }
  const logged = pieces.filter(({ paths }) => paths.includes('app.log')).map(({ at }) => at);
  expect(logged.length).toBeLessThan(20);
  const gaps = logged.slice(1).map((at, index) => at - (logged[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1000);
  for (const { at, paths } of pieces) {
    for (const path of paths.filter((each) => each.startsWith('src/f'))) {
      expect(at - Number(/\d+/.exec(path)?.[0])).toBeLessThanOrEqual(30);
    }
  }
  // Once it rests, it is as quick as any other.
  await clock.pass(5000);
  pieces.length = 0;
  queue.add('app.log');
  await clock.pass(30);
  expect(pieces).toHaveLength(1);
});

it('makes bigger pieces in a flood, and is quick again after it', async () => {
  const { queue, clock, pieces } = queueOf(true);
  for (let at = 0; at < 5000; at += 5) {
    for (let file = 0; file < 20; file++) queue.add(`d${at % 100}/f${at}-${file}.ts`);
    await clock.pass(5);
  }
  const flooded = pieces.map(({ at }) => at);
  expect(flooded.length).toBeLessThan(30);
  expect((flooded.at(-1) ?? 0) - (flooded.at(-2) ?? 0)).toBeLessThanOrEqual(1000);
  await clock.pass(2000);
  queue.add('one.ts');
  await clock.pass(2000);
  pieces.length = 0;
  queue.add('other.ts');
  await clock.pass(30);
  expect(pieces.map(({ paths }) => paths)).toEqual([['other.ts']]);
});

it('keeps what changes while a piece is on its way, and hands it over when that is taken', async () => {
  const { queue, clock, pieces } = queueOf(false);
  queue.add('a.ts');
  await clock.pass(30);
  for (let file = 0; file < 500; file++) queue.add(`src/f${file}.ts`);
  queue.add('a.ts');
  await clock.pass(10_000);
  expect(pieces).toHaveLength(1);
  queue.taken();
  await clock.pass(0);
  expect(pieces[1]?.paths).toHaveLength(501);
});

it('makes folders of too many paths, which cover each of them', async () => {
  const { queue, clock, pieces, overflows } = queueOf(false);
  const added = Array.from({ length: 5 * maxPaths }, (_, at) => `p${at % 3}/m${at % 40}/deep/f${at}.ts`);
  for (const path of ['top.ts', ...added]) queue.add(path);
  await clock.pass(30);
  const told = new Set(pieces.flatMap(({ paths }) => paths));
  expect(told.size).toBeLessThanOrEqual(maxPaths);
  expect(told).toContain('top.ts');
  const isCovered = (path: string): boolean =>
    path.split('/').some((_, depth, names) => told.has(names.slice(0, depth + 1).join('/')));
  expect(added.filter((path) => !isCovered(path))).toEqual([]);
  // Few folders suffice, but not the top ones: what did not change is left alone.
  expect([...told].every((path) => path === 'top.ts' || path.includes('/'))).toBe(true);
  expect(overflows()).toBe(0);
});

it('says when no folder but the project itself covers all', async () => {
  const { queue, clock, pieces, overflows } = queueOf(true);
  for (let file = 0; file <= maxPaths; file++) queue.add(`f${file}.ts`);
  expect(overflows()).toBe(1);
  await clock.pass(5000);
  expect(pieces).toEqual([]);
});

it('hands over nothing after it is closed', async () => {
  const { queue, clock, pieces } = queueOf(true);
  queue.add('a.ts');
  queue.close();
  await clock.pass(5000);
  expect(pieces).toEqual([]);
});
