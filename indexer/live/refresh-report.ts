/** What a refresh has found. */
export interface RefreshReport {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Files whose content the index had already. */
  readonly unchanged: number;
  /** Files that were parsed and chunked. */
  readonly parsed: number;
  /** Files and links that were looked at and left out, each with its reason in the catalogue. */
  readonly skipped: number;
  /** Chunks recorded. */
  readonly chunks: number;
  readonly elapsedMs: number;
}
