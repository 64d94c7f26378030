import type { ErrorCode } from '../errors.ts';
import type { RouteKind } from './route.ts';

/** What is noted of one request while it is served; the audit line and the metrics are made from it at the end. */
export interface RequestTrace {
  /** Random, unique. */
  readonly id: string;
  /** ISO time of arrival. */
  readonly startedAt: string;
  readonly method: string;
  /** Route pattern, such as `/api/chat`; never with a key in it. */
  readonly route: string;
  readonly clientAddress: string;
  callerId?: string;
  callerName?: string;
  model?: string;
  modelDigest?: string;
  projects?: readonly string[];
  decision?: RouteKind;
  /** `project/path:first-last` of what left in the prompt, or was shown by a search. */
  sent?: readonly string[];
  /** Lower-case hex SHA-256 of the question and of the answer. */
  questionHash?: string;
  answerHash?: string;
  /** Only where the configuration asks for contents. */
  question?: string;
  answer?: string;
  cache?: 'hit' | 'miss' | 'off';
  promptTokens?: number;
  outputTokens?: number;
  /** Milliseconds from arrival to the model's first piece. */
  firstByteMs?: number;
  status?: number;
  error?: ErrorCode;
  durationMs?: number;
}

/** One line of the audit log before it is chained: a finished request, or an act of the service such as a new key. */
export interface AuditEvent {
  /** Such as `request`, `key.create`, `key.revoke`, `service.start`, `service.stop`. */
  readonly action: string;
  readonly at: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An append-only log that shows when it was tampered with. */
export interface AuditLog {
  /** Queues a line; it is on disk within 50 ms. Never throws: a log that fails is told by `problem`. */
  append(event: AuditEvent): void;
  /** Resolves when all that was appended is on disk. */
  flush(): Promise<void>;
  /** A sentence when lines could not be written, else null. */
  problem(): string | null;
  close(): Promise<void>;
}
