import { ServiceError } from '../core/errors.ts';
import type { ModelEndpoint } from './allowed-host.ts';
import { otherServerError } from './model-error.ts';

/** A line longer than this is no piece of an answer. */
export const maxLineBytes = 16 * 1024 * 1024;
const lineEnd = 0x0a;

/**
 * The objects of an answer with one JSON object a line, as they arrive. Throws `model_unavailable` for a line that is
 * none, among them a last line that was cut off.
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  endpoint: ModelEndpoint,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    // The byte of a line end is in no other character of UTF-8.
    const end = bytes.lastIndexOf(lineEnd);
    const isPart = end === -1;
    const whole = isPart ? '' : Buffer.concat([...rest, bytes.subarray(0, end)]).toString();
    rest = isPart ? [...rest, bytes] : [bytes.subarray(end + 1)];
    restBytes = isPart ? restBytes + bytes.byteLength : bytes.byteLength - end - 1;
    for (const line of whole.split('\n')) if (line.trim() !== '') yield parseLine(line, endpoint);
    if (restBytes > maxLineBytes) throw brokenLine(endpoint);
  }
  const last = Buffer.concat(rest).toString();
  if (last.trim() !== '') yield parseLine(last, endpoint);
}

/** The whole of an answer that is one JSON object. Throws `model_unavailable` for one that is no JSON. */
export async function readJson(
  chunks: AsyncIterable<Uint8Array>,
  endpoint: ModelEndpoint,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(chunks);
  try {
    return asRecord(JSON.parse(text));
  } catch (error) {
    // It came whole, so it comes from something else.
    throw otherServerError(endpoint, error as SyntaxError);
  }
}

/** The whole of an answer as text. */
export async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

/** A piece of an answer as an object. Throws `model_unavailable` for one that is none. */
export function parseLine(line: string, endpoint: ModelEndpoint): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below: a line that is no JSON and one that is no object are the same fault.
  }
  throw brokenLine(endpoint);
}

/** The error for a piece of an answer that cannot be read. */
export function brokenLine(endpoint: ModelEndpoint): ServiceError {
  return new ServiceError(
    'model_unavailable',
    `The model server at ${endpoint.label} sent an answer that breaks off or is no JSON. Its log says why.`,
  );
}

/** A JSON value as an object, an empty one for anything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A JSON value as a list of objects, an empty one for anything else. */
export function asRecords(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}

/** A JSON value where it is a whole number above 0, else null. */
export function positiveInteger(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}
