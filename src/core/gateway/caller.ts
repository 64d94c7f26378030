import { ServiceError } from '../errors.ts';

/** Who asks, and what that key may do. */
export interface Caller {
  /** Id of the key; `local` where no key is wanted. Never the key itself. */
  readonly id: string;
  readonly name: string;
  /** Names of the projects that may be read; null for all. */
  readonly projects: readonly string[] | null;
  /** May change models, indexes and keys. */
  readonly isAdmin: boolean;
}

/** A key as the store keeps it. */
export interface KeyRecord extends Caller {
  /** Lower-case hex SHA-256 of the key: keys are random, so no slow hash is needed. */
  readonly hash: string;
  /** ISO time. */
  readonly createdAt: string;
  /** ISO time, null for never. */
  readonly expiresAt: string | null;
}

/** What a new key may do, and for how long. */
export interface NewKey {
  readonly name: string;
  readonly projects: readonly string[] | null;
  readonly isAdmin: boolean;
  readonly expiresAt: string | null;
}

/** Keeps keys between runs. Several processes may share it: a key that one revokes is refused by the others within a second. */
export interface KeyStore {
  /** The keys that hold now; the same array as long as nothing changes. */
  list(): readonly KeyRecord[];
  add(record: KeyRecord): void;
  /** False when there is no such id. */
  remove(id: string): boolean;
}

/** Decides who may ask. */
export interface Gatekeeper {
  /**
   * The caller that a key belongs to; `key` is null where none was sent. Errors: `unauthorized` for a missing, unknown or expired key
   * (an unknown key is refused even where none is needed), `rate_limited` with the seconds to wait.
   */
  admit(key: string | null): Caller;
}

/** Throws `forbidden` when a caller may not read a project. */
export function requireProject(caller: Caller, project: string): void {
  if (caller.projects === null || caller.projects.includes(project)) return;
  throw new ServiceError('forbidden', `The key "${caller.name}" may not read the project "${project}".`);
}

/** Throws `forbidden` when a caller is no administrator. */
export function requireAdmin(caller: Caller, what: string): void {
  if (caller.isAdmin) return;
  throw new ServiceError(
    'forbidden',
    `${what} needs a key with the admin scope. Make one with \`lorekeep keys create <name> --admin\`.`,
  );
}
