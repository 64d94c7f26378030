import { appendFileSync, chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mineQuestions, type MinedQuestions, type MiningOptions } from '../../../indexer/questions/mine-questions.ts';
import { commitFiles, initRepository, signLastCommit } from '../../support/git-project.ts';
import { IndexHarness } from '../../support/index-harness.ts';

let harness: IndexHarness;
beforeEach(() => {
  harness = new IndexHarness();
});
afterEach(() => harness.dispose());

const session = 'export class SessionStore {\n  openSession(user: string) {\n    return user;\n  }\n}\n';

async function mine(options: Partial<MiningOptions> = {}, root = harness.root): Promise<MinedQuestions> {
  await harness.run();
  return harness.use(({ catalogue }) => mineQuestions({ root, catalogue }, { count: 200, seed: 1, ...options }));
}

async function queries(options: Partial<MiningOptions> = {}): Promise<string[]> {
  return (await mine(options)).questions.map(({ query }) => query).toSorted();
}

describe('questions from commits', () => {
  beforeEach(() => initRepository(harness.root));
  const commit = (subject: string, files: Readonly<Record<string, string>>): void =>
    commitFiles(harness.root, subject, files);

  it('are tidied subjects, for the one or two code files that the commit changed', async () => {
    commit('feat(auth): keep sessions in memory (#12)', { 'src/session.ts': session, 'README.md': '# Shop\n' });
    commit('Retry the mail with backoff', { 'src/mail.ts': 'export const a = 1;\n', 'src/backoff.go': 'package a\n' });
    const { questions, notices } = await mine();
    expect(notices).toEqual([]);
    expect(questions).toHaveLength(2);
    expect(questions).toContainEqual({
      query: 'auth keep sessions in memory',
      relevant: [{ path: 'src/session.ts' }],
      source: 'commit',
    });
    expect(questions).toContainEqual({
      query: 'Retry the mail with backoff',
      relevant: [{ path: 'src/backoff.go' }, { path: 'src/mail.ts' }],
      source: 'commit',
    });
  });

  it('leave out what says nothing of code, touches many files, or is no longer there', async () => {
    const many = Object.fromEntries(['a', 'b', 'c'].map((name) => [`src/${name}.ts`, `export const ${name} = 1;\n`]));
    commit('Lay out the whole project', many);
    commit('Bump version to 2.0 for release', { 'src/a.ts': 'export const a = 2;\n' });
    commit('Revert "Make a faster than b"', { 'src/a.ts': 'export const a = 3;\n' });
    commit('Format everything with prettier again', { 'src/a.ts': 'export const a = 4;\n' });
    commit('Too short', { 'src/a.ts': 'export const a = 5;\n' });
    commit('Explain how to install it', { 'README.md': '# Install\n' });
    commit('Add a file that goes away', { 'src/gone.ts': 'export const gone = 1;\n' });
    commit('Copy the code of a friend', { 'vendor/friend.ts': 'export const friend = 1;\n' });
    commit('Make the sum of a precise', { 'src/a.ts': 'export const a = 6;\n' });
    harness.remove('src/gone.ts');
    expect(await queries()).toEqual(['Make the sum of a precise']);
  });

  it('are at most three for one file, and one for one subject', async () => {
    for (const number of ['one', 'two', 'three', 'four', 'five'])
      commit(`Make number ${number} right here`, { 'src/a.ts': `export const a = '${number}';\n` });
    commit('Make the same thing twice', { 'src/b.ts': 'export const b = 1;\n' });
    commit('make the same thing twice', { 'src/b.ts': 'export const b = 2;\n' });
    const found = await queries();
    expect(found.filter((query) => query.includes('number'))).toHaveLength(3);
    expect(found.filter((query) => /same thing/i.test(query))).toHaveLength(1);
  });

  it('are chosen alike by the same seed, otherwise by another, and no more than asked for', async () => {
    for (let file = 0; file < 12; file += 1)
      commit(`Add the rule number ${file} to the book`, { [`src/rule-${file}.ts`]: `export const rule = ${file};\n` });
    const first = await mine({ count: 5 });
    expect(first.questions).toHaveLength(5);
    expect(await mine({ count: 5 })).toEqual(first);
    expect(await mine({ count: 5, seed: 2 })).not.toEqual(first);
  });

  it('are about the folder alone when it lies inside a repository', async () => {
    commit('Change the kitchen of the house', { 'kitchen.ts': 'export const kitchen = 1;\n' });
    commit('Change the garden and 花园.ts too', { 'garden/花园.ts': 'export const garden = 1;\n' });
    const inside = new IndexHarness();
    try {
      inside.write('花园.ts', 'export const garden = 1;\n');
      await inside.run();
      const root = join(harness.root, 'garden');
      const { questions } = await inside.use(({ catalogue }) =>
        mineQuestions({ root, catalogue }, { count: 10, seed: 1 }),
      );
      expect(questions.map(({ relevant }) => relevant)).toEqual([[{ path: '花园.ts' }]]);
    } finally {
      inside.dispose();
    }
  });
});

describe('questions from documents', () => {
  const documents = async (text: string): Promise<string[]> => {
    harness.write('src/session.ts', session);
    harness.write('src/mail/queue.ts', 'export function sendLater() {}\nexport function retry_all() {}\n');
    harness.write('src/a.ts', 'export function parseTwice() {}\nexport const plain = 1;\n');
    harness.write('src/b.ts', 'export function parseTwice() {}\n');
    harness.write('test/session.test.ts', 'export const onlyInTests = 1;\n');
    harness.write('docs/guide.md', text);
    return queries();
  };

  it('are sentences that name one thing, without its name, for the file that defines it', async () => {
    harness.write('src/session.ts', session);
    harness.write('docs/guide.md', '# Sessions\n\nThe `SessionStore` keeps every visitor signed in for an hour.\n');
    const { questions, notices } = await mine();
    expect(questions).toEqual([
      {
        query: 'The keeps every visitor signed in for an hour.',
        relevant: [{ path: 'src/session.ts' }],
        source: 'document',
        takenFrom: 'docs/guide.md',
      },
    ]);
    expect(notices).toEqual([expect.stringContaining('No questions from commits: git cannot read the history')]);
  });

  it.each([
    [
      'a method',
      'Visitors enter through `SessionStore.openSession()` and stay quite long.',
      'Visitors enter through and stay quite long.',
    ],
    [
      'a path',
      'Letters wait in `src/mail/queue.ts` until the server answers again.',
      'Letters wait in until the server answers again.',
    ],
    [
      'the end of a path',
      'Letters wait in mail/queue.ts until the server answers again.',
      'Letters wait in until the server answers again.',
    ],
    [
      'a bare name',
      'When the server is silent, sendLater puts the letter aside.',
      'When the server is silent, puts the letter aside.',
    ],
    [
      'other spellings',
      'Every letter that failed: `retry_all` or retry-all sends all again.',
      'Every letter that failed: or sends all again.',
    ],
    [
      'a foreign name beside',
      'With `express`, the `sendLater` function puts letters aside.',
      'With express, the function puts letters aside.',
    ],
    [
      'a table',
      '| file | job |\n| --- | --- |\n| `queue.ts` | keeps letters until servers answer |',
      'keeps letters until servers answer',
    ],
  ])('know %s', async (_, sentence, question) => {
    expect(await documents(`# Guide\n\n${sentence}\n`)).toEqual([question]);
  });

  it.each([
    ['two things', 'The `SessionStore` calls `sendLater` whenever visitors sign in.'],
    ['what two files define', 'Careful readers call `parseTwice` on every letter.'],
    ['nothing of the project', 'The `express` framework answers requests of visitors.'],
    ['a plain word', 'The value `plain` keeps letters without any colours.'],
    ['what tests define', 'Careful people look at `onlyInTests` before changing letters.'],
    ['too little', 'See the `SessionStore` for more.'],
    ['code', '```ts\nconst store = new SessionStore(); // keeps visitors signed in for hours\n```'],
  ])('leave out sentences that name %s', async (_, sentence) => {
    expect(await documents(`# Guide\n\n${sentence}\n`)).toEqual([]);
  });

  it('leave out lists of changes', async () => {
    harness.write('src/session.ts', session);
    harness.write('CHANGELOG.md', 'The `SessionStore` keeps every visitor signed in for an hour.\n');
    expect(await queries()).toEqual([]);
  });
});

it('starts no program that the repository names', async () => {
  initRepository(harness.root);
  commitFiles(harness.root, 'Keep sessions in memory', { 'src/session.ts': session });
  const ran = join(harness.root, 'ran');
  harness.write('evil.sh', `#!/bin/sh\ntouch '${ran}'\n`);
  chmodSync(join(harness.root, 'evil.sh'), 0o755);
  const evil = join(harness.root, 'evil.sh');
  const config = `[log]\nshowSignature = true\n[gpg]\nprogram = ${evil}\n[core]\nfsmonitor = ${evil}\npager = ${evil}\n`;
  appendFileSync(join(harness.root, '.git/config'), config);
  signLastCommit(harness.root);
  expect(await queries()).toEqual(['Keep sessions in memory']);
  expect(existsSync(ran)).toBe(false);
});

it('stops when it is told to', async () => {
  initRepository(harness.root);
  commitFiles(harness.root, 'Keep sessions in memory', { 'src/session.ts': session });
  await expect(mine({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
});
