import type { Context, Hono } from 'hono';
import type { Gatekeeper } from '../core/gateway/caller.ts';
import type { RequestContext } from '../core/gateway/exchange.ts';
import type { AuditLog } from '../core/gateway/trace.ts';
import type { Gateway } from '../verbs/gateway/gateway.ts';

/** What every handler finds in its context, put there before it runs. */
export interface HttpVariables {
  readonly request: RequestContext;
  /** Project that the URL path names (`/p/<project>/…`), null for none. */
  readonly pathProject: string | null;
}

export interface HttpEnvironment {
  Variables: HttpVariables;
}

export type HttpApp = Hono<HttpEnvironment>;
export type HttpContext = Context<HttpEnvironment>;

/** What the HTTP surface stands on. */
export interface HttpParts {
  readonly gateway: Gateway;
  readonly gatekeeper: Gatekeeper;
  readonly audit: AuditLog;
  readonly version: string;
  /** Host names, beside the machine's own, that requests may name (`Host` header). */
  readonly hosts: readonly string[];
  /** Origins that a browser page may ask from; empty for none. */
  readonly origins: readonly string[];
  /** Largest body of a request, in bytes. */
  readonly maxBodyBytes: number;
  /** Whether the audit log holds questions and answers themselves, not only their hashes. */
  readonly auditContents: boolean;
  readonly now: () => Date;
  readonly newId: () => string;
}
