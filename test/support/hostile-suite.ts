import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHostileProject, outcomesOf, usersToTest } from './hostile-index.ts';
import type { HostileProject, IndexTold, StatusTold } from './hostile-index.ts';
import type { HostileTreeOptions } from './hostile-tree.ts';

/** What must hold when the command line indexes a hostile repository, as each user that this machine lets us be. */
export function hostileRepositorySuite(options: Required<HostileTreeOptions>, timeoutMs: number): void {
  describe.each(usersToTest())(`hostile repository ${options.seed}, indexed by $user`, ({ runner }) => {
    let project: HostileProject;
    let first: IndexTold;
    let status: StatusTold;

    beforeAll(async () => {
      project = createHostileProject(runner, options);
      // Fails unless the exit status is 0.
      first = await project.sandbox.json(project.folder, 'index');
      status = await project.sandbox.json(project.folder, 'status', '--skipped');
    }, timeoutMs);
    afterAll(() => project.sandbox.remove());

    test('every hostile path is left out or degraded for the right reason', () => {
      expect([...outcomesOf(status, project.hostile)]).toEqual([...project.hostile]);
    });

    test('nothing else is left out or degraded, and the totals add up', () => {
      const count = (state: string): number =>
        [...project.hostile.values()].filter((expectation) => expectation.state === state).length;
      const unexpected = [...status.skipped, ...status.degraded].filter(({ path }) => !project.hostile.has(path));
      expect(unexpected).toEqual([]);
      const files = project.ordinaryFiles + count('indexed') + count('degraded');
      const totals = { files, skipped: count('skipped'), degraded: count('degraded') };
      expect(first).toMatchObject({ ...totals, parsed: files, aborted: false });
      const { skipped, degraded } = totals;
      expect(status).toMatchObject({ files, skippedFiles: skipped, degradedFiles: degraded, pending: 0 });
      expect(status.skipped).toHaveLength(skipped);
      expect(new Set(status.degraded.map(({ path }) => path)).size).toBe(degraded);
    });

    test('each reason is explained in a few words', () => {
      const silent = status.skipped.filter(({ detail }) => !/^[^\n\u001b]{5,}$/.test(detail));
      expect(silent).toEqual([]);
    });

    test.each(['line', '-rf', 'back', 'it', 'caf', ' space'])(
      'names that begin with %j are found as they are',
      async (start) => {
        const wanted = [...project.hostile].flatMap(([path, { state }]) =>
          state === 'indexed' && path.split('/').at(-1)?.startsWith(start) ? [path] : [],
        );
        // A file system may refuse names that are not UTF-8.
        expect(wanted.length).toBeGreaterThan(start === 'caf' ? -1 : 0);
        const words = ['search', 'x let echo', '--path', `src/part*/${start}*`, '--limit', '1000'];
        const { hits } = await project.sandbox.json<{ hits: { path: string }[] }>(project.folder, ...words);
        expect(hits.map(({ path }) => path).toSorted()).toEqual(wanted.toSorted());
      },
    );

    test(
      'a second run reads nothing anew and says the same',
      async () => {
        const { files, skipped, degraded } = first;
        const again = { files, skipped, degraded, parsed: 0, added: 0, changed: 0, removed: 0, unchanged: files };
        expect(await project.sandbox.json(project.folder, 'index')).toMatchObject(again);
        expect(await project.sandbox.json(project.folder, 'status', '--skipped')).toEqual({
          ...status,
          lastCompletedRun: expect.any(String),
          diskBytes: expect.any(Number),
        });
      },
      timeoutMs,
    );
  });
}
