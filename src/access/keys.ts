import { randomBytes } from 'node:crypto';
import type { KeyRecord, NewKey } from '../core/gateway/caller.ts';
import { sha256 } from '../core/hash.ts';

/** What making a key takes from outside. */
export interface KeySources {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** That many random bytes; the system's own by default. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** A key that was just made. The key itself is shown once and kept nowhere. */
export interface CreatedKey {
  readonly key: string;
  readonly record: KeyRecord;
}

const keyHead = 'lk_';
const keyBytes = 32;
/** Eight of the key's 43 random characters tell keys apart; the other 208 bits stay secret. */
const idLength = keyHead.length + 8;

/** Makes a key of 256 random bits. Its id is its visible beginning, so that a person finds a key's entry by looking at it. */
export function createKey(request: NewKey, { now, random = randomBytes }: KeySources): CreatedKey {
  const key = keyHead + Buffer.from(random(keyBytes)).toString('base64url');
  const { name, projects, isAdmin, expiresAt } = request;
  const createdAt = new Date(now()).toISOString();
  return { key, record: { id: keyId(key), name, projects, isAdmin, createdAt, expiresAt, hash: sha256(key) } };
}

/** The id that a key would have, whether it exists or not. */
export function keyId(key: string): string {
  return key.slice(0, idLength);
}

/** When a record's key ends, in milliseconds since 1970. A time that cannot be read has passed: a damaged record opens nothing. */
export function expiryOf({ expiresAt }: Pick<KeyRecord, 'expiresAt'>): number {
  if (expiresAt === null) return Infinity;
  const time = Date.parse(expiresAt);
  return Number.isNaN(time) ? -Infinity : time;
}
