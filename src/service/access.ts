import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readFixedKey } from '../access/fixed-key.ts';
import { KeyGatekeeper } from '../access/gatekeeper.ts';
import { createKey } from '../access/keys.ts';
import type { Config } from '../config-options.ts';
import type { Gatekeeper, KeyRecord } from '../core/gateway/caller.ts';
import type { AuditLog } from '../core/gateway/trace.ts';
import { KeyFile } from '../store/key-file.ts';
import { keyControl } from '../verbs/access/keys.ts';
import type { KeyControl } from '../verbs/access/keys.ts';

/** What the control of keys takes from the rest of the service. */
export interface KeyWiring {
  /** Opens the log in which making and revoking is noted. */
  readonly openAudit: () => AuditLog;
  readonly projectNames: () => readonly string[];
}

/** Wires the verbs that make, list and revoke keys. */
export function openKeyControl({ dataFolder }: Pick<Config, 'dataFolder'>, wiring: KeyWiring): KeyControl {
  const now = Date.now;
  return keyControl({ ...wiring, now, store: openKeyFile(dataFolder), make: (request) => createKey(request, { now }) });
}

/** A gatekeeper and what whoever starts the service should know of the keys. */
export interface OpenGatekeeper {
  readonly gatekeeper: Gatekeeper;
  /** True when some key lets somebody in now. */
  readonly hasKeys: boolean;
  readonly warnings: readonly string[];
}

/** Wires who may ask `lorekeep serve`. Errors: `config_invalid` for a bad fixed key, `store_failed` for a damaged file of keys. */
export function openGatekeeper(
  values: Config,
  { allowAnonymous }: { readonly allowAnonymous: boolean },
): OpenGatekeeper {
  const { key, warnings } = readFixedKey(values);
  const store = openKeyFile(values.dataFolder);
  const { requestsPerMinute } = values;
  return {
    gatekeeper: new KeyGatekeeper({ store, fixedKey: key, allowAnonymous, now: Date.now, requestsPerMinute }),
    // Looked at by other means: the gatekeeper would go on for a moment with what it has seen, and the first key is made in it.
    hasKeys: key !== null || openKeyFile(values.dataFolder).list().some(isValid),
    warnings,
  };
}

/** An expired key lets nobody in. */
function isValid({ expiresAt }: KeyRecord): boolean {
  return expiresAt === null || Date.parse(expiresAt) > Date.now();
}

/** The keys of the data home. */
export function openKeyFile(dataFolder: string): KeyFile {
  return new KeyFile({ path: join(dataFolder, 'keys.json'), now: () => performance.now(), newId: randomUUID });
}
