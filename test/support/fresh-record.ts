import { createKey } from '../../src/access/keys.ts';
import type { KeyRecord, NewKey } from '../../src/core/gateway/caller.ts';

/** The record of a fresh key. */
export function freshRecord(changes: Partial<NewKey> = {}): KeyRecord {
  const request = { name: 'ci', projects: null, isAdmin: false, expiresAt: null, ...changes };
  return createKey(request, { now: () => 0 }).record;
}
