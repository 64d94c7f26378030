import { ServiceError } from '../../core/errors.ts';
import type { KeyRecord, KeyStore, NewKey } from '../../core/gateway/caller.ts';
import type { AuditLog } from '../../core/gateway/trace.ts';

/** What the key verbs work with. */
export interface KeyParts {
  readonly store: KeyStore;
  /** Makes a key and its record; keeps neither. */
  readonly make: (request: NewKey) => { readonly key: string; readonly record: KeyRecord };
  /** Opens the log in which making and revoking is noted; it is closed again. */
  readonly openAudit: () => AuditLog;
  /** Names of the projects that exist. */
  readonly projectNames: () => readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a new key is for. */
export interface KeyRequest {
  readonly name: string;
  /** Names of the projects that it may read; empty for all. */
  readonly projects: readonly string[];
  readonly isAdmin: boolean;
  /** `30d`, an ISO date or an ISO time with its zone; null for never. */
  readonly expires: string | null;
}

/** A key as people see it: without its digest. */
export type KeySummary = Omit<KeyRecord, 'hash'> & { readonly isExpired: boolean };

/** A new key. It is shown once: only its digest is kept. */
export interface CreatedKeyReport extends KeySummary {
  readonly key: string;
  /** Sentences to show. */
  readonly notices: readonly string[];
}

export interface RevokedKeyReport {
  readonly revoked: KeySummary;
  readonly notices: readonly string[];
}

/** What can be done with keys. */
export interface KeyControl {
  /** Errors: `request_invalid`, `store_failed`. */
  create(request: KeyRequest): Promise<CreatedKeyReport>;
  list(): Promise<readonly KeySummary[]>;
  /** Refused by every running service within a second. Errors: `request_invalid` for an unknown id, `store_failed`. */
  revoke(id: string): Promise<RevokedKeyReport>;
}

/** The key verbs over their parts. */
export function keyControl(parts: KeyParts): KeyControl {
  const summary = ({ hash: _, ...record }: KeyRecord): KeySummary => ({
    ...record,
    isExpired: record.expiresAt !== null && Date.parse(record.expiresAt) <= parts.now(),
  });
  return {
    async create(request) {
      const { projects, unknown } = knownNames(request.projects, parts.projectNames());
      const { key, record } = parts.make({
        name: usableName(request.name),
        projects: projects.length === 0 ? null : projects,
        isAdmin: request.isAdmin,
        expiresAt: request.expires === null ? null : expiryTime(request.expires, parts.now()),
      });
      parts.store.add(record);
      const notices = unknown.map((name) => `There is no project "${name}" yet; see \`lorekeep projects\`.`);
      return { key, ...summary(record), notices: [...notices, ...(await noted(parts, 'key.create', record))] };
    },
    async list() {
      return parts.store.list().map(summary);
    },
    async revoke(id) {
      const record = parts.store.list().find((key) => key.id === id);
      if (record === undefined || !parts.store.remove(id)) {
        throw new ServiceError(
          'request_invalid',
          `There is no key with the id "${id}". \`lorekeep keys list\` shows all.`,
        );
      }
      return { revoked: summary(record), notices: await noted(parts, 'key.revoke', record) };
    },
  };
}

/** Writes a line about a key into the audit log; a log that fails is told, not hidden. */
async function noted({ openAudit, now }: KeyParts, action: string, record: KeyRecord): Promise<readonly string[]> {
  const audit = openAudit();
  const { id, name, projects, isAdmin, expiresAt } = record;
  audit.append({ action, at: new Date(now()).toISOString(), details: { id, name, projects, isAdmin, expiresAt } });
  await audit.flush();
  const problem = audit.problem();
  await audit.close();
  return problem === null ? [] : [problem];
}

/** Names as the projects themselves write them: letter case does not tell projects apart. */
function knownNames(
  asked: readonly string[],
  existing: readonly string[],
): { readonly projects: readonly string[]; readonly unknown: readonly string[] } {
  const byFolded = new Map(existing.map((name) => [name.toLowerCase(), name]));
  const projects = [...new Set(asked.map((name) => byFolded.get(name.toLowerCase()) ?? name))];
  return { projects, unknown: projects.filter((name) => !byFolded.has(name.toLowerCase())) };
}

const maxNameLength = 100;

function usableName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= maxNameLength && !/\p{C}/u.test(trimmed)) return trimmed;
  const message = `A key needs a name of 1 to ${maxNameLength} printable characters: who or what will use it.`;
  throw new ServiceError('request_invalid', message);
}

const dayMs = 86_400_000;
const isoTime = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** ISO time of `30d` from now or of an ISO date (its beginning in UTC) or time. Errors: `request_invalid`, also for a time that has passed. */
export function expiryTime(text: string, now: number): string {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? [];
  const time = days === undefined ? isoMilliseconds(text) : now + Number(days) * dayMs;
  if (time === null) {
    const message = `"${text}" is no end for a key: write 30d for days, or a date such as 2030-01-31.`;
    throw new ServiceError('request_invalid', message);
  }
  if (time > now) return new Date(time).toISOString();
  throw new ServiceError('request_invalid', `"${text}" has passed: a key must end in the future.`);
}

function isoMilliseconds(text: string): number | null {
  const [, date = ''] = isoTime.exec(text) ?? [];
  const day = Date.parse(date);
  // A 31st of February would become the 3rd of March.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
