import { describe, expect, test } from 'vitest';
import { createKey } from '../../../src/access/keys.ts';
import type { AuditEvent, AuditLog } from '../../../src/core/gateway/trace.ts';
import { expiryTime, keyControl } from '../../../src/verbs/access/keys.ts';
import type { KeyParts, KeyRequest } from '../../../src/verbs/access/keys.ts';
import { memoryKeys } from '../../support/memory-keys.ts';

const start = Date.parse('2026-01-02T03:04:05.000Z');

function world(changes: Partial<KeyParts> = {}) {
  const clock = { now: start };
  const store = memoryKeys();
  const now = () => clock.now;
  const parts = { store, now, make: (request: Parameters<KeyParts['make']>[0]) => createKey(request, { now }) };
  const control = keyControl({
    ...parts,
    openAudit: () => memoryAudit(null),
    projectNames: () => ['Shop', 'web'],
    ...changes,
  });
  const create = async (request: Partial<KeyRequest> = {}) =>
    control.create({ name: 'ci', projects: [], isAdmin: false, expires: null, ...request });
  return { clock, store, control, create };
}

function memoryAudit(problem: string | null): AuditLog & { readonly events: AuditEvent[] } {
  const events: AuditEvent[] = [];
  return {
    events,
    append: (event) => void events.push(event),
    flush: async () => {},
    problem: () => problem,
    close: async () => {},
  };
}

describe('keys', () => {
  test('are for all projects, or for those named, as these write their names', async () => {
    const { create, store } = world();
    expect(await create()).toMatchObject({ projects: null, isAdmin: false, notices: [] });
    const { notices, key, ...one } = await create({ projects: ['shop', 'SHOP', 'new'], isAdmin: true });
    expect(one).toMatchObject({ projects: ['Shop', 'new'], isAdmin: true, isExpired: false });
    expect(notices).toEqual([expect.stringContaining('no project "new"')]);
    expect(store.list()[1]?.id).toBe(key.slice(0, 11));
  });

  test('are listed without digests, and marked when they have ended', async () => {
    const { create, control, clock } = world();
    const { id, name, createdAt } = await create({ expires: '1d' });
    const expiresAt = '2026-01-03T03:04:05.000Z';
    const listed = { id, name, createdAt, projects: null, isAdmin: false, expiresAt, isExpired: false };
    expect(await control.list()).toEqual([listed]);
    clock.now += 86_400_000;
    expect(await control.list()).toEqual([{ ...listed, isExpired: true }]);
  });

  test('are revoked by id; an unknown one is an error that says where to look', async () => {
    const { create, control, store } = world();
    const { id } = await create();
    expect(await control.revoke(id)).toMatchObject({ revoked: { id, name: 'ci' }, notices: [] });
    expect(store.list()).toEqual([]);
    await expect(control.revoke(id)).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('keys list'),
    });
  });

  test.each(['', '  ', 'a\nb', '\u001b[31m', 'x'.repeat(101)])('are not named %j', async (name) => {
    await expect(world().create({ name })).rejects.toMatchObject({ code: 'request_invalid' });
  });

  test('are noted in the audit log, never with their digest, and a log that fails is told', async () => {
    const audit = memoryAudit('The disk is full.');
    const { create, control, store } = world({ openAudit: () => audit });
    const { id, key, notices } = await create({ projects: ['web'] });
    const hash = String(store.list()[0]?.hash);
    expect(notices).toEqual(['The disk is full.']);
    expect(await control.revoke(id)).toMatchObject({ notices: ['The disk is full.'] });
    const details = { id, name: 'ci', projects: ['web'], isAdmin: false, expiresAt: null };
    const at = new Date(start).toISOString();
    expect(audit.events).toEqual([
      { action: 'key.create', at, details },
      { action: 'key.revoke', at, details },
    ]);
    for (const secret of [hash, key]) expect(JSON.stringify(audit.events)).not.toContain(secret);
  });
});

describe('the end of a key', () => {
  test.each([
    ['1d', '2026-01-03T03:04:05.000Z'],
    ['365d', '2027-01-02T03:04:05.000Z'],
    ['2026-01-03', '2026-01-03T00:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2026-06-01T12:00+02:00', '2026-06-01T10:00:00.000Z'],
    ['2026-06-01T12:00:30.5Z', '2026-06-01T12:00:30.500Z'],
  ])('%s is %s', (text, time) => {
    expect(expiryTime(text, start)).toBe(time);
  });

  test.each([
    '',
    'd',
    '30',
    '-1d',
    '1.5d',
    '0d',
    '2026-01-02',
    '2027-02-29',
    '2027-13-01',
    '2027-01-01T12:00',
    '2027-01-01T25:00Z',
    'tomorrow',
  ])('is not %j', (text) => {
    expect(() => expiryTime(text, start)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
  });
});
