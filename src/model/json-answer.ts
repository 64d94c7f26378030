import { ServiceError } from '../core/errors.ts';
import type { ModelEndpoint } from './allowed-host.ts';

/** A line longer than this is no piece of an answer. */
const maxLineCharacters = 4 * 1024 * 1024;

/**
 * The objects of a response with one JSON object a line, as they arrive. Throws `model_unavailable` for a line that is
 * none, among them a last line that was cut off.
 */
export async function* readJsonLines(
  response: Response,
  endpoint: ModelEndpoint,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  let rest = '';
  for await (const text of (response.body ?? ReadableStream.from([])).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parseLine(line, endpoint);
    if (rest.length > maxLineCharacters) throw brokenLine(endpoint);
  }
  if (rest.trim() !== '') yield parseLine(rest, endpoint);
}

function parseLine(line: string, endpoint: ModelEndpoint): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below: a line that is no JSON and one that is no object are the same fault.
  }
  throw brokenLine(endpoint);
}

function brokenLine(endpoint: ModelEndpoint): ServiceError {
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
