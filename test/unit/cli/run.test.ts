import { describe, expect, test } from 'vitest';
import { errorCodes, ServiceError } from '../../../src/core/errors.ts';
import { exitStatuses, exitStatusMeanings } from '../../../src/cli/exit-codes.ts';
import { listenForInterrupts } from '../../../src/cli/interrupts.ts';
import type { SearchReport } from '../../../src/verbs/reports.ts';
import { currentOf, fakeService, hitOf, shopStatus } from '../../support/fake-service.ts';
import { runWith } from '../../support/cli-world.ts';

const commands = ['index', 'status', 'search', 'ask', 'eval', 'projects', 'remove', 'serve', 'doctor', 'config'];

describe('help', () => {
  test('lists every command and every exit status', async () => {
    const { status, stdout } = await runWith(['help']);
    expect(status).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    for (const code of new Set(Object.values(exitStatuses)))
      expect(exitStatusMeanings.map(([known]) => known)).toContain(code);
  });

  test('is what an empty command line prints', async () => {
    expect(await runWith([])).toEqual(await runWith(['--help']));
  });

  test.each(commands)('%s --help shows options and examples', async (command) => {
    const { status, stdout } = await runWith([command, '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage  lorekeep ${command}`);
    expect(stdout).toContain('--json');
    expect(stdout.split('Examples')[1]).toContain(`lorekeep ${command}`);
    expect((await runWith(['help', command])).stdout).toBe(stdout);
  });

  test('--version prints the version alone', async () => {
    expect(await runWith(['--version'])).toEqual({ status: 0, stdout: '1.2.3\n', stderr: '' });
  });
});

describe('failures', () => {
  test.each(errorCodes)('%s has its exit status and a message without a stack trace', async (code) => {
    const outcome = await runWith(['search', 'x'], {
      search: async () => {
        throw new ServiceError(code, 'Do this next.', { cause: new Error('deep reason') });
      },
    });
    expect(outcome).toEqual({ status: exitStatuses[code], stdout: '', stderr: 'lorekeep: Do this next.\n' });
  });

  test('an unknown failure is internal, and still no stack trace', async () => {
    const outcome = await runWith(['search', 'x'], { search: () => Promise.reject(new TypeError('boom')) });
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toBe('lorekeep: Unexpected failure: boom\n');
  });

  test('--debug shows the causes', async () => {
    const failing = {
      search: () => Promise.reject(new ServiceError('internal', 'Broken.', { cause: new Error('deep reason') })),
    };
    expect((await runWith(['search', 'x', '--debug'], failing)).stderr).toMatch(/deep reason[\s\S]*at /);
    expect((await runWith(['search', 'x'], failing, { debug: true })).stderr).toContain('deep reason');
  });

  test('with --json the failure is one JSON object, too', async () => {
    const { stdout, status } = await runWith(['search', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'request_invalid' } });
  });

  test.each([
    [['serch', 'x'], 'Did you mean `lorekeep search`?'],
    [['toString'], 'There is no command "toString"'],
    [['search'], 'Ask something'],
    [['ask', ' '], 'Ask something'],
    [['status', 'a', 'b'], 'takes one name or folder'],
    [['index', 'a', '--project', 'b'], 'not both'],
    [['remove'], '`lorekeep projects` lists them'],
    [['search', 'x', '--limit', '0'], '--limit must be a whole number'],
    [['config', '--workers', 'many'], '--workers: "workers"'],
  ])('%j is a wrong command', async (words, message) => {
    const { status, stderr } = await runWith(words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  test('Ctrl-C exits with 130, whatever the command made of it', async () => {
    const stops = new Map<string, () => void>();
    const interrupts = listenForInterrupts({
      on: (name, stop) => stops.set(name, stop),
      off: () => {},
      exit: () => {},
    });
    const { status } = await runWith(
      ['index'],
      {
        index: async (_request, { signal }) => {
          stops.get('SIGINT')?.();
          signal.throwIfAborted();
          throw new Error('not reached');
        },
      },
      { interrupts },
    );
    expect(status).toBe(130);
  });

  test('output that nobody reads ends the run without a complaint', async () => {
    const interrupts = listenForInterrupts({ on: () => {}, off: () => {}, exit: () => {} });
    const outcome = await runWith(
      ['search', 'x'],
      {
        search: async (_projects, _request, signal) => {
          interrupts.stop();
          signal.throwIfAborted();
          throw new Error('not reached');
        },
      },
      { interrupts },
    );
    expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('the service is closed after a failure', async () => {
    let closed = 0;
    await runWith(['status'], { status: () => Promise.reject(new Error('x')), close: async () => void (closed += 1) });
    expect(closed).toBe(1);
  });
});

describe('index', () => {
  test('--json prints the stable fields on standard output, all else on standard error', async () => {
    const { stdout, stderr } = await runWith(['index', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      files: 2,
      chunks: 5,
      skipped: 1,
      degraded: 1,
      bytes: 2_048,
      elapsedMs: 12,
    });
    expect(stderr).toContain('Indexed shop: 2 files, 5 chunks, 2.0 kB');
  });

  test('takes a folder, a name and --rebuild', async () => {
    const asked: unknown[] = [];
    await runWith(['index', '../web', '--name', 'site', '--rebuild', '--json'], {
      index: async (request) => {
        asked.push(request);
        throw new ServiceError('aborted', 'enough');
      },
    });
    expect(asked).toEqual([{ folder: '/code/web', name: 'site', rebuild: true }]);
  });
});

describe('status', () => {
  test('--json has totals under names of their own', async () => {
    const status = JSON.parse((await runWith(['status', '--json'])).stdout);
    expect(status).toMatchObject({ project: 'shop', files: 2, skippedFiles: 1, degradedFiles: 1 });
    expect(status).not.toHaveProperty('skipped');
  });

  test('--skipped --json lists paths as they are', async () => {
    const status = JSON.parse((await runWith(['status', '--skipped', '--json'])).stdout);
    expect(status.skipped).toEqual([expect.objectContaining({ path: 'a\n\u001b[31m.env', reason: 'secret' })]);
    expect(status.degraded).toEqual([{ path: 'notes.txt', reason: 'no_grammar' }]);
    expect(status.skippedFiles).toBe(1);
  });

  test('--skipped lists paths that cannot harm the terminal', async () => {
    const { stdout } = await runWith(['status', '--skipped']);
    expect(stdout).toContain('secret           a\\n\\x1b[31m.env');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('search', () => {
  const state = { freshness: currentOf(), projects: ['shop'], elapsedMs: 4 };
  const nothing: SearchReport = { hits: [], mode: 'lexical', notices: [], ...state };

  test('joins the words of a question and passes the filters on', async () => {
    const asked: unknown[] = [];
    await runWith(['search', 'how', 'it', 'works', '-n', '3', '--path', 'src/**', '-l', 'go', '-p', 'a', '-p', 'b'], {
      search: async (projects, request) => {
        asked.push(projects, request);
        throw new ServiceError('aborted', 'enough');
      },
    });
    expect(asked).toEqual([
      { currentFolder: '/code/shop', named: ['a', 'b'] },
      { question: 'how it works', limit: 3, path: 'src/**', language: 'go' },
    ]);
  });

  test('--json has the hits with their text', async () => {
    const report = JSON.parse((await runWith(['search', 'x', '--json'])).stdout);
    expect(report.hits[0]).toMatchObject({
      project: 'shop',
      path: 'src/session.ts',
      startLine: 3,
      endLine: 9,
      score: 1.5,
    });
    expect(report.hits[0].text).toBe(hitOf().text);
    expect(report).toMatchObject({ mode: 'lexical', projects: ['shop'] });
  });

  test('shows place, name and a few lines of text', async () => {
    const text = 'one\n  two\nthree\nfour\nfive\nsix\n';
    const { stdout, stderr } = await runWith(['search', 'x'], {
      search: async () => ({ ...nothing, hits: [hitOf({ text })], notices: ['Careful.'] }),
    });
    expect(stdout).toBe(
      'src/session.ts:3-9  openSession  1.50\n    one\n      two\n    three\n    four\n    … 2 more lines\n\n',
    );
    expect(stderr).toBe('Careful.\n1 place in shop, lexical search, 4 ms.\n');
  });

  test('--full shows the whole text, --explain what each signal added', async () => {
    const text = 'one\ntwo\nthree\nfour\nfive\nsix\n';
    const { stdout } = await runWith(['search', 'x', '--full', '--explain'], {
      search: async () => ({ ...nothing, hits: [hitOf({ text })] }),
    });
    expect(stdout).toContain('    bm25 1.50\n    one\n');
    expect(stdout).toContain('    six\n');
  });

  test('names the project of each hit when several are searched', async () => {
    const hits = [hitOf(), hitOf({ project: 'web' })];
    const { stdout } = await runWith(['search', 'x', '-p', 'shop', '-p', 'web'], {
      search: async () => ({ ...nothing, hits, projects: ['shop', 'web'] }),
    });
    expect(stdout).toContain('[web] src/session.ts:3-9');
  });

  test('finding nothing is an outcome, not a failure', async () => {
    const { status, stdout, stderr } = await runWith(['search', 'x'], {
      search: async () => nothing,
    });
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Nothing found in shop');
  });

  test('a folder without an index is indexed first, and standard output stays clean', async () => {
    const indexed: string[] = [];
    const { stdout, stderr } = await runWith(['search', 'x', '--json'], {
      foldersWithoutIndex: async () => ['/code/shop'],
      index: async (request) => {
        indexed.push(request.folder);
        throw new ServiceError('index_busy', 'Busy.');
      },
    });
    expect(indexed).toEqual(['/code/shop']);
    expect(stderr).toContain('has no index yet');
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'index_busy', message: 'Busy.' } });
  });
});

describe('ask', () => {
  test('prints evidence, the streamed answer, then its sources', async () => {
    const { stdout, stderr } = await runWith(['ask', 'where do sessions open?']);
    expect(stdout).toBe(
      'Evidence\n[1] src/session.ts:3-9  class Sessions\n\nSessions open in \\x1b[2Jthe store [1].\n\nSources\n[1] src/session.ts:3-9\n',
    );
    expect(stderr).toBe('Answered by deepseek-coder:6.7b.\n');
  });

  test('--json prints one object with the stable fields', async () => {
    const answer = JSON.parse((await runWith(['ask', 'x', '--json'])).stdout);
    expect(answer).toMatchObject({
      mode: 'generated',
      answer: 'Sessions open in the store [1].',
      citations: [{ project: 'shop', path: 'src/session.ts', startLine: 3, endLine: 9 }],
    });
  });

  test('files are resolved from the current folder', async () => {
    const asked: unknown[] = [];
    await runWith(['ask', 'x', '--file', 'a.log', '--file', '/tmp/b.log', '--no-model'], {
      ask(projects, request, signal) {
        asked.push(request);
        return fakeService().ask(projects, request, signal);
      },
    });
    expect(asked).toEqual([
      { question: 'x', files: ['/code/shop/a.log', '/tmp/b.log'], withoutModel: true, cache: true },
    ]);
  });
});

test('remove and projects speak JSON', async () => {
  expect(JSON.parse((await runWith(['remove', 'shop', '--json'])).stdout)).toEqual({
    removed: { ...shopStatus.project, freedBytes: 4_096 },
  });
  expect(JSON.parse((await runWith(['projects', '--json'])).stdout)).toEqual({ projects: [] });
});
