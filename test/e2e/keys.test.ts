import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyGatekeeper } from '../../src/access/gatekeeper.ts';
import { KeyFile } from '../../src/store/key-file.ts';
import { createSandbox } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

test('a key that the command makes is let in, and refused after it was revoked', async () => {
  const { home } = sandbox;
  const made = await sandbox.json<{ id: string; key: string }>(
    home,
    'keys',
    'create',
    'ci',
    '--admin',
    '--project',
    'shop',
  );
  const path = join(sandbox.dataFolder, 'keys.json');
  expect(readFileSync(path, 'utf8')).not.toContain(made.key);
  expect(statSync(path).mode & 0o777).toBe(0o600);

  let now = Date.now();
  const store = new KeyFile({ path, now: () => now, newId: () => 'unused' });
  const gatekeeper = new KeyGatekeeper({
    store,
    fixedKey: null,
    allowAnonymous: false,
    now: () => now,
    requestsPerMinute: 0,
  });
  expect(gatekeeper.admit(made.key)).toEqual({ id: made.id, name: 'ci', projects: ['shop'], isAdmin: true });
  expect(await sandbox.json(home, 'keys', 'list')).toMatchObject({ keys: [{ id: made.id, projects: ['shop'] }] });

  expect(await sandbox.json(home, 'keys', 'revoke', made.id)).toMatchObject({ revoked: { id: made.id } });
  now += 1000;
  expect(() => gatekeeper.admit(made.key)).toThrow(expect.objectContaining({ code: 'unauthorized' }));
  expect(await sandbox.json(home, 'keys', 'list')).toEqual({ keys: [] });
});

test('a damaged file of keys is an error, and stays as it is', async () => {
  const path = join(sandbox.dataFolder, 'keys.json');
  writeFileSync(path, '{"version":1,');
  for (const words of [['list'], ['create', 'x'], ['revoke', 'x']]) {
    const { status, stderr } = await sandbox.run(sandbox.home, 'keys', ...words);
    expect(stderr).toContain('is damaged');
    expect(status).toBe(1);
  }
  expect(readFileSync(path, 'utf8')).toBe('{"version":1,');
});
