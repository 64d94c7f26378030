/** What a check of a whole audit log has found. */
export interface AuditVerification {
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
  /** Number and hash of the last line; the hash is what to keep elsewhere. */
  readonly head: AuditHead;
  /** Bytes of a last line that is being written, or that a killed process has left; the next start removes and notes them. */
  readonly unfinishedBytes: number;
  /** The first thing that is wrong, null when the log is whole. */
  readonly problem: AuditProblem | null;
}

/** Where an audit log stands. */
export interface AuditHead {
  /** 0 before the first line. */
  readonly sequence: number;
  readonly hash: string;
}

/** Where an audit log was tampered with or damaged, and how that shows. */
export interface AuditProblem {
  readonly file: string;
  /** 1-based line in the file, null where it is about the end of the log. */
  readonly line: number | null;
  readonly reason: string;
}

/** A line as it was written. */
export interface AuditLine extends AuditHead {
  readonly action: string;
  readonly at: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly previous: string;
}

/** Reads an audit log, also while it is written. Errors: `store_failed` where there is none or it cannot be read. */
export interface AuditArchive {
  /** Checks every line. With `head`, a hash that was kept elsewhere, that line must be there, too. */
  verify(options: { readonly head?: string; readonly signal: AbortSignal }): Promise<AuditVerification>;
  head(): Promise<AuditHead>;
  /** The last lines, oldest first. A line that cannot be read is left to `verify`. */
  last(count: number): Promise<readonly AuditLine[]>;
  /** A line under the names of the Elastic Common Schema and of OpenTelemetry, for collectors of logs. */
  withCommonNames(line: AuditLine): Readonly<Record<string, unknown>>;
}
