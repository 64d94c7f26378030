import { hash } from 'node:crypto';
import { canonicalJson } from '../core/packing/canonical-json.ts';
import type { AuditEvent } from '../core/gateway/trace.ts';

/** Where a chain of lines stands: its last line's number and hash. */
export interface ChainEnd {
  /** 0 before the first line. */
  readonly sequence: number;
  /** Lower-case hex SHA-256. */
  readonly hash: string;
}

/** What of a line links it to the others. */
export interface LineLinks extends ChainEnd {
  /** Hash of the line before. */
  readonly previous: string;
  /** Where the field with the hash begins and ends, in bytes. */
  readonly hashField: readonly [start: number, end: number];
}

export const beforeFirst: ChainEnd = { sequence: 0, hash: '0'.repeat(64) };

/** The part of a line that does not depend on its place in the chain. Never throws: what cannot be written is told in its place. */
export function lineBody({ action, at, details }: AuditEvent): string {
  try {
    return canonicalJson({ action, at, details }).slice(1, -1);
  } catch (error) {
    const unwritable = error instanceof Error ? error.message : String(error);
    return canonicalJson({ action, at, details: { unwritable } }).slice(1, -1);
  }
}

/**
 * A line at its place in the chain: canonical JSON with the fields action, at, details, hash, previous and sequence. The
 * hash is the SHA-256 of the line's bytes without the field `hash`, its line feed aside.
 */
export function chainLine(body: string, last: ChainEnd): { readonly line: string; readonly end: ChainEnd } {
  const sequence = last.sequence + 1;
  const links = `"previous":"${last.hash}","sequence":${sequence}}`;
  const own = hash('sha256', `{${body},${links}`);
  return { line: `{${body},"hash":"${own}",${links}\n`, end: { sequence, hash: own } };
}

/** The end of each line, and more bytes than it can have. */
const linksPattern = /,"hash":"([0-9a-f]{64})","previous":"([0-9a-f]{64})","sequence":([1-9]\d{0,15})\}$/;
const longestLinks = 200;

/** Reads the links of a line without its line feed; null where it is no line of an audit log. */
export function readLinks(line: Buffer): LineLinks | null {
  const from = Math.max(0, line.length - longestLinks);
  const found = linksPattern.exec(line.toString('latin1', from));
  if (found === null) return null;
  const [, own, previous, sequence] = found;
  const start = from + found.index;
  const end = start + `,"hash":"${own}"`.length;
  return { hash: own!, previous: previous!, sequence: Number(sequence), hashField: [start, end] };
}
