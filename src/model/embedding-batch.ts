import { setTimeout as wait } from 'node:timers/promises';
import type { EmbeddingResult } from '../core/embedding.ts';
import type { ServiceError } from '../core/errors.ts';
import { toServiceError } from '../core/errors.ts';
import { isBusyStatus, isOutOfMemoryError, statusOf } from './model-error.ts';

/** One call that turns texts into raw vectors, all or none. */
export type EmbedTexts = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

/** Waits between tries when the server says that it is busy, in milliseconds. */
const busyWaitsMs = [250, 1_000, 3_000];
/** A text shorter than this is not made shorter still: the fault is not its length. */
const minCharacters = 64;

/**
 * Vectors of a batch, one result a text. A batch that the server refuses is halved until the bad texts stand alone: one
 * that is too long (status 400, 413 or 422) is cut and tried again, one that the model cannot embed (NaN in its vector,
 * status 500 or 424) would fail the same way again and becomes `failed`. What concerns the server as a whole is thrown.
 */
export async function embedBatch(
  texts: readonly string[],
  embed: EmbedTexts,
  signal?: AbortSignal,
): Promise<EmbeddingResult[]> {
  try {
    const vectors = await retryBusy(() => embed(texts), signal);
    return vectors.map(unitVector);
  } catch (error) {
    const failure = toServiceError(error);
    if (!concernsContent(failure)) throw failure;
    const [only] = texts;
    if (texts.length === 1 && only !== undefined) return [await embedAlone(only, failure, { embed, signal })];
    const middle = texts.length >>> 1;
    const left = await embedBatch(texts.slice(0, middle), embed, signal);
    return [...left, ...(await embedBatch(texts.slice(middle), embed, signal))];
  }
}

/** Scales a vector to length 1; a vector with a value that is no number, or of length 0, has no direction. */
export function unitVector(values: readonly number[]): EmbeddingResult {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  if (!Number.isFinite(length) || length === 0) return { failed: 'the model gave a vector without a direction' };
  return { vector: Float32Array.from(values, (value) => value / length) };
}

/** Only refusals and failures may lie in the texts; a lack of memory does not. */
function concernsContent(failure: ServiceError): boolean {
  const isFailure = [424, 500].includes(statusOf(failure) ?? 0) && failure.code !== 'model_missing';
  return isRefusal(failure) || (isFailure && !isOutOfMemoryError(failure));
}

/** Statuses for a text, or a batch, that is longer than the server takes. */
function isRefusal(failure: ServiceError): boolean {
  return [400, 413, 422].includes(statusOf(failure) ?? 0) && failure.code !== 'model_missing';
}

interface Attempt {
  readonly embed: EmbedTexts;
  readonly signal: AbortSignal | undefined;
}

async function embedAlone(text: string, failure: ServiceError, attempt: Attempt): Promise<EmbeddingResult> {
  if (!isRefusal(failure) || text.length < minCharacters) return { failed: failure.message };
  const [shorter] = await embedBatch([firstHalf(text)], attempt.embed, attempt.signal);
  return shorter ?? { failed: failure.message };
}

/** First half of a text, never ending within a surrogate pair. */
function firstHalf(text: string): string {
  return text.slice(0, text.length >>> 1).replace(/[\ud800-\udbff]$/, '');
}

/** Waits a little and tries again while the server is busy. */
export async function retryBusy<Value>(call: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
  for (const pauseMs of busyWaitsMs) {
    try {
      return await call();
    } catch (error) {
      if (!isBusyStatus(statusOf(error))) throw error;
      await wait(pauseMs, undefined, { signal });
    }
  }
  return await call();
}
