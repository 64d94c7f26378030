import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { openGatekeeper, openKeyFile } from '../../../src/service/access.ts';
import { freshRecord } from '../../support/fresh-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-gatekeeper-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('keys that have expired let nobody in, so a first one is wanted', async () => {
  const { values } = await loadConfig({ environment: {}, flags: { dataFolder: folder } });
  const hasKeys = (): boolean => openGatekeeper(values, { allowAnonymous: false }).hasKeys;
  expect(hasKeys()).toBe(false);
  openKeyFile(folder).add(freshRecord({ expiresAt: '2020-01-01T00:00:00.000Z' }));
  expect(hasKeys()).toBe(false);
  openKeyFile(folder).add(freshRecord());
  expect(hasKeys()).toBe(true);
});
