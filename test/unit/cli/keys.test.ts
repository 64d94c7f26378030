import { describe, expect, test } from 'vitest';
import type { KeyControl, KeyRequest } from '../../../src/verbs/access/keys.ts';
import { fakeAdministration } from '../../support/fake-service.ts';
import { runWith } from '../../support/cli-world.ts';

const summary = {
  id: 'lk_abcdefgh',
  name: 'c\u001b[2Ji',
  projects: ['shop'],
  isAdmin: true,
  createdAt: '2026-01-02T03:04:05.000Z',
  expiresAt: '2026-02-03T04:05:06.000Z',
  isExpired: false,
};

/** Keys that answer from memory; what was asked to be made or revoked is kept. */
function fakeKeys() {
  const asked: (KeyRequest | string)[] = [];
  const control: KeyControl = {
    create: async (request) => {
      asked.push(request);
      return { ...summary, key: 'lk_secret', notices: ['Look at this.'] };
    },
    list: async () => [summary, { ...summary, id: 'lk_other', projects: null, isAdmin: false, isExpired: true }],
    revoke: async (id) => {
      asked.push(id);
      return { revoked: summary, notices: [] };
    },
  };
  return { asked, service: fakeAdministration({ keys: async () => control }) };
}

describe('keys create', () => {
  test('prints the key alone on standard output, for a pipe', async () => {
    const { service, asked } = fakeKeys();
    const outcome = await runWith(
      ['keys', 'create', 'ci', '-p', 'shop', '--project=web', '--admin', '--expires', '30d'],
      service,
    );
    expect(outcome).toMatchObject({ status: 0, stdout: 'lk_secret\n' });
    expect(outcome.stderr).toContain(
      'Look at this.\nMade the key "c\\x1b[2Ji" (shop · admin · ends 2026-02-03T04:05Z)',
    );
    expect(asked).toEqual([{ name: 'ci', projects: ['shop', 'web'], isAdmin: true, expires: '30d' }]);
  });

  test('with --json prints id and key', async () => {
    const { service, asked } = fakeKeys();
    const { stdout } = await runWith(['keys', 'create', 'ci', '--json'], service);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'lk_abcdefgh', key: 'lk_secret', notices: ['Look at this.'] });
    expect(asked).toEqual([{ name: 'ci', projects: [], isAdmin: false, expires: null }]);
  });
});

test('keys list shows ids, names and what they may do', async () => {
  const { stdout } = await runWith(['keys', 'list'], fakeKeys().service);
  expect(stdout).toBe(
    'lk_abcdefgh…  c\\x1b[2Ji  shop · admin · ends 2026-02-03T04:05Z\n' +
      'lk_other…  c\\x1b[2Ji  all projects · ended 2026-02-03T04:05Z\n',
  );
  expect(JSON.parse((await runWith(['keys', 'list', '--json'], fakeKeys().service)).stdout)).toMatchObject({
    keys: [{ id: 'lk_abcdefgh' }, { id: 'lk_other' }],
  });
});

test('keys revoke takes an id as the list shows it', async () => {
  const { service, asked } = fakeKeys();
  const { stdout } = await runWith(['keys', 'revoke', 'lk_abcdefgh…'], service);
  expect(stdout).toContain('no longer valid');
  expect(asked).toEqual(['lk_abcdefgh']);
});

describe('a group of commands', () => {
  test.each([
    [['keys'], 'needs a second word. It is followed by create, list, revoke.'],
    [['keys', '--json'], 'needs a second word'],
    [['keys', 'lst'], 'There is no command "keys lst". Did you mean `lorekeep keys list`?'],
    [['keys', 'toString'], 'There is no command "keys toString"'],
    [['keys', 'create'], 'needs a name for the key'],
    [['keys', 'create', 'a', 'b'], 'needs a name for the key. Quote one'],
    [['keys', 'list', 'a'], 'takes no word such as "a"'],
    [['keys', 'list', '--admin'], '`lorekeep keys list --help`'],
    [['keys', 'revoke'], '`lorekeep keys list` shows them'],
  ])('%j is a wrong command', async (words, message) => {
    const { status, stderr } = await runWith(words, fakeKeys().service);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  test('has a page of its own, and one for each of its commands', async () => {
    const page = (await runWith(['keys', '--help'])).stdout;
    for (const command of ['create', 'list', 'revoke']) expect(page).toContain(`keys ${command}`);
    expect((await runWith(['help', 'keys'])).stdout).toBe(page);
    const create = (await runWith(['keys', 'create', '--help'])).stdout;
    expect(create).toContain('Usage  lorekeep keys create <name>');
    expect((await runWith(['help', 'keys', 'create'])).stdout).toBe(create);
    expect((await runWith(['help'])).stdout).toMatch(/^ {2}keys create\|list\|revoke +Make/m);
  });
});
