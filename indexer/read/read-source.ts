import { languageOf, languageRow } from '../../grammars/detect.ts';
import { sha256 } from '../../src/core/hash.ts';
import type { DegradeReason } from '../../src/core/source-file.ts';
import { binaryFormat, knownFormat } from './binary-content.ts';
import { decodeText, unicodeFormOf } from './decode-text.ts';
import { generatedContent, generatedName } from './generated-text.ts';
import { lineTableOf } from './line-table.ts';
import { minifiedText } from './minified-text.ts';
import { readFileBytes } from './read-bytes.ts';
import { type ReadOutcome, skip, type SkippedOutcome } from './read-outcome.ts';
import { secretContent } from './secret-content.ts';
import { secretName } from './secret-name.ts';

export interface ReadOptions {
  /** Content hash that the caller knows and does not need again. */
  readonly knownHash?: string | null;
  /** Size limit in bytes of data and unknown formats, 1,000,000 if absent. */
  readonly maxDataBytes?: number;
  /** Size limit in bytes of languages with a grammar, 10,000,000 if absent. */
  readonly maxCodeBytes?: number;
}

const defaultMaxDataBytes = 1_000_000;
const defaultMaxCodeBytes = 10_000_000;

/**
 * Reads one file of a project, in this order: secret by name (then it is not opened), size, special files, binary,
 * decoding, secret by content, generated, minified. Every refusal is a value with its reason. Synchronous: it belongs in a
 * worker thread (see read-bytes.ts).
 */
export function readSource(
  entry: { readonly path: string; readonly absolute: string | Uint8Array },
  options: ReadOptions = {},
): ReadOutcome {
  const secret = secretName(entry.path);
  if (secret !== '') return skip('secret', secret);
  const read = readFileBytes(entry.absolute, (head, size) => refuseLarge(entry.path, { head, size }, options));
  if (read.kind !== 'bytes') return read;
  const { bytes, stat } = read;
  const hash = sha256(bytes);
  if (hash === options.knownHash) return { kind: 'unchanged', stat };
  const form = unicodeFormOf(bytes);
  const binary = binaryFormat(bytes, form);
  if (binary !== '') return skip('binary', binary);
  const { text, encoding, isGuessed, hasLosses } = decodeText(bytes, form);
  const language = languageOf(entry.path, text);
  const refusal = refusalOf(entry.path, text, language);
  if (refusal !== null) return refusal;
  const degraded: DegradeReason[] = [];
  if (isGuessed) degraded.push('guessed_encoding');
  if (hasLosses) degraded.push('undecodable_bytes');
  const lineStarts = lineTableOf(text);
  const { path } = entry;
  const file = { path, text, encoding, encodingGuessed: isGuessed, lineStarts, hash, bytes: bytes.length, language };
  return { kind: 'read', file, stat, degraded };
}

/** Text that is not to be indexed. */
function refusalOf(path: string, text: string, language: string): SkippedOutcome | null {
  const secret = secretContent(path, text);
  if (secret !== '') return skip('secret', secret);
  const generated = generatedName(path) || generatedContent(text);
  if (generated !== '') return skip('generated', generated);
  const minified = minifiedText(path, text, language);
  return minified === '' ? null : skip('minified', minified);
}

/** Nothing above the smaller limit is read on before its kind is known. */
function refuseLarge(path: string, file: { head: Buffer; size: number }, options: ReadOptions): SkippedOutcome | null {
  const { maxDataBytes = defaultMaxDataBytes, maxCodeBytes = defaultMaxCodeBytes } = options;
  if (file.size <= Math.min(maxDataBytes, maxCodeBytes)) return null;
  const format = knownFormat(file.head);
  if (format !== '') return skip('binary', format);
  const row = languageRow(languageOf(path, file.head.toString('latin1')));
  const isCode = row !== undefined && row.data !== true && row.wasm !== null;
  const limit = isCode ? maxCodeBytes : maxDataBytes;
  return file.size > limit ? skip('too_large', `${file.size} bytes; the limit for its kind is ${limit}`) : null;
}
