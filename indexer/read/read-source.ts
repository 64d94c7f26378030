import { languageOf, languageRow } from '../../grammars/detect.ts';
import { sha256 } from '../../src/core/hash.ts';
import type { DegradeReason, SourceFile } from '../../src/core/source-file.ts';
import { binaryFormat, knownFormat } from './binary-content.ts';
import { decodeText, unicodeFormOf } from '../decode/decode-text.ts';
import { generatedContent, generatedName } from './generated-text.ts';
import { lineTableOf } from '../decode/line-table.ts';
import { minifiedText } from './minified-text.ts';
import { readFileBytes } from './read-bytes.ts';
import { type ReadOutcome, skip, type SkippedOutcome } from './read-outcome.ts';
import { secretContent } from './secret-content.ts';
import { secretName } from './secret-name.ts';

/** How large a file may be. */
export interface ReadLimits {
  /** Size limit in bytes of data and unknown formats, 1,000,000 if absent. */
  readonly maxDataBytes?: number;
  /** Size limit in bytes of languages with a grammar, 10,000,000 if absent. */
  readonly maxCodeBytes?: number;
}

export interface ReadOptions extends ReadLimits {
  /** Content hash that the caller knows and does not need again. */
  readonly knownHash?: string | null;
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
  const file: SourceFile = {
    path: entry.path,
    text,
    encoding,
    encodingGuessed: isGuessed,
    lineStarts: lineTableOf(text),
    hash,
    bytes: bytes.length,
    language: languageOf(entry.path, text),
  };
  const degraded: DegradeReason[] = [];
  if (isGuessed) degraded.push('guessed_encoding');
  if (hasLosses) degraded.push('undecodable_bytes');
  return refuseText(file) ?? { kind: 'read', file, stat, degraded };
}

/** Text that is not to be indexed. */
function refuseText(file: SourceFile): SkippedOutcome | null {
  const secret = secretContent(file.path, file.text);
  if (secret !== '') return skip('secret', secret);
  const generated = generatedName(file.path) || generatedContent(file.text);
  if (generated !== '') return skip('generated', generated);
  const minified = minifiedText(file);
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
