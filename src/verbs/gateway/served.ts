import type { Gatekeeper } from '../../core/gateway/caller.ts';
import type { AuditLog } from '../../core/gateway/trace.ts';
import type { Gateway } from './gateway.ts';

/** What `lorekeep serve` serves, and to whom. */
export interface ServeRequest {
  /** Absolute paths of the projects' folders; what has no index is indexed. */
  readonly folders: readonly string[];
  /** Lets callers without a key in. */
  readonly allowAnonymous: boolean;
}

/** The running service behind its surfaces. */
export interface ServedParts {
  readonly gateway: Gateway;
  readonly gatekeeper: Gatekeeper;
  readonly audit: AuditLog;
  /** The key that was made because there was none; null where there was one, or none is needed. It is known only now. */
  readonly firstKey: string | null;
  /** Sentences that whoever starts the service should read. */
  readonly notices: readonly string[];
  /** Ends what runs in the background and writes what is not on disk yet. */
  close(): Promise<void>;
}
