import { hash, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../core/errors.ts';
import type { Caller, Gatekeeper, KeyRecord, KeyStore } from '../core/gateway/caller.ts';
import { expiryOf, keyId } from './keys.ts';
import { TokenBucket } from './token-bucket.ts';

/** Whom a gatekeeper lets in. */
export interface GatekeeperOptions {
  readonly store: KeyStore;
  /** The key of the configuration, null for none. */
  readonly fixedKey: string | null;
  /** Lets callers without a key in as `local`. A wrong key is refused even then: whoever sends one believes it counts. */
  readonly allowAnonymous: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** For each key; 0 for no limit. */
  readonly requestsPerMinute: number;
}

/** Who asks without a key where none is needed. May read and ask, not change models, indexes and keys. */
const localCaller: Caller = { id: 'local', name: 'local', projects: null, isAdmin: false };

/** Who asks with the key of the configuration. Many people may share it, so it is no administrator. */
const fixedCaller: Caller = { id: 'fixed', name: 'configured key', projects: null, isAdmin: false };

/** Wrong keys in a minute, from all callers together. More are not even called wrong. */
const wrongKeysPerMinute = 60;

interface Entry {
  readonly caller: Caller;
  readonly digest: Uint8Array;
  readonly expiresAt: number;
  bucket: TokenBucket | null;
}

const unknown = 'This key is unknown. `lorekeep keys list` shows the ones that are known.';

/** Compared with where no key has the presented one's id, so that every answer takes the same path. */
const decoy: Entry = { caller: localCaller, digest: new Uint8Array(32), expiresAt: -Infinity, bucket: null };

/** Knows callers by the digests of their keys. A call costs one hash and one comparison. */
export class KeyGatekeeper implements Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #wrongKeys: TokenBucket;
  readonly #anonymous: Entry;
  readonly #fixed: Entry;
  #known: readonly KeyRecord[] | null = null;
  #entries = new Map<string, Entry>();

  constructor(options: GatekeeperOptions) {
    this.#options = options;
    this.#wrongKeys = new TokenBucket(wrongKeysPerMinute, options.now());
    this.#anonymous = { ...decoy, expiresAt: Infinity };
    this.#fixed =
      options.fixedKey === null
        ? decoy
        : { caller: fixedCaller, digest: digestOf(options.fixedKey), expiresAt: Infinity, bucket: null };
  }

  admit(key: string | null): Caller {
    const now = this.#options.now();
    const entry = key === null ? this.#withoutKey() : this.#withKey(key, now);
    this.#limit(entry, now);
    return entry.caller;
  }

  #withoutKey(): Entry {
    if (this.#options.allowAnonymous) return this.#anonymous;
    const message =
      'A key is needed: send it as `Authorization: Bearer <key>`. `lorekeep keys create <name>` makes one.';
    throw new ServiceError('unauthorized', message);
  }

  #withKey(key: string, now: number): Entry {
    const digest = digestOf(key);
    const entry = this.#current().get(keyId(key)) ?? decoy;
    const isStored = timingSafeEqual(digest, entry.digest) && entry !== decoy;
    const isFixed = timingSafeEqual(digest, this.#fixed.digest) && this.#fixed !== decoy;
    if (isFixed) return this.#fixed;
    if (isStored && entry.expiresAt > now) return entry;
    const waitMs = this.#wrongKeys.take(now);
    if (waitMs > 0) throw tooMany('Too many wrong keys were sent.', waitMs);
    throw new ServiceError('unauthorized', isStored ? ended(entry) : unknown);
  }

  /** The keys that hold now; made anew only when the store has other ones. */
  #current(): ReadonlyMap<string, Entry> {
    const records = this.#options.store.list();
    if (records === this.#known) return this.#entries;
    // A key that stays keeps its bucket, or making a key would reset all limits.
    const buckets = this.#entries;
    this.#entries = new Map(
      records.map((record) => [record.id, entryOf(record, buckets.get(record.id)?.bucket ?? null)]),
    );
    this.#known = records;
    return this.#entries;
  }

  #limit(entry: Entry, now: number): void {
    const { requestsPerMinute } = this.#options;
    if (requestsPerMinute === 0) return;
    entry.bucket ??= new TokenBucket(requestsPerMinute, now);
    const waitMs = entry.bucket.take(now);
    if (waitMs === 0) return;
    const who = entry === this.#anonymous ? 'Callers without a key' : `The key "${entry.caller.name}"`;
    throw tooMany(`${who} may make ${requestsPerMinute} requests a minute.`, waitMs);
  }
}

function ended({ caller }: Entry): string {
  return `The key "${caller.name}" has ended. Make a new one with \`lorekeep keys create <name>\`.`;
}

function entryOf(record: KeyRecord, bucket: TokenBucket | null): Entry {
  const { id, name, projects, isAdmin } = record;
  const digest = Buffer.from(record.hash, 'hex');
  // A digest of another length would make the comparison throw; it can be no key's.
  const isUsable = digest.length === decoy.digest.length;
  return {
    caller: { id, name, projects, isAdmin },
    digest: isUsable ? digest : decoy.digest,
    expiresAt: isUsable ? expiryOf(record) : -Infinity,
    bucket,
  };
}

function digestOf(key: string): Uint8Array {
  return hash('sha256', key, 'buffer');
}

function tooMany(what: string, waitMs: number): ServiceError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ServiceError('rate_limited', `${what} Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}
