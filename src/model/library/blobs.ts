import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ServiceError } from '../../core/errors.ts';
import type { LocalFile, ModelWatch } from '../../core/gateway/model-library.ts';
import { readError } from '../told-error.ts';
import { readText } from '../json-answer.ts';
import { statusError } from '../model-error.ts';
import type { OllamaApi } from '../ollama/ollama-api.ts';

/**
 * Makes a server have a file, and returns its digest as the server names it (`sha256:…`). What it has already is not sent
 * again. Errors: `source_unreadable`, `model_unavailable`, `request_invalid`, `aborted`.
 */
export async function uploadFile(api: OllamaApi, file: LocalFile, watch: ModelWatch): Promise<string> {
  const { size: total } = await readable(file, () => stat(file.path));
  const digest = `sha256:${await digestOf(file, total, watch)}`;
  const path = `/api/blobs/${digest}`;
  const known = await send(api, { method: 'HEAD', path, content: null, length: 0 }, watch.signal);
  if (known.status === 200) return digest;
  if (known.status !== 404) throw refused(api, known);
  let completed = 0;
  const content = createReadStream(file.path);
  content.on('data', (chunk) => {
    completed += chunk.length;
    watch.onProgress({ step: `uploading ${file.name}`, completed, total });
  });
  const sent = await send(api, { method: 'POST', path, content, length: total }, watch.signal);
  if (sent.status !== 200 && sent.status !== 201) throw refused(api, sent);
  return digest;
}

async function digestOf(file: LocalFile, total: number, watch: ModelWatch): Promise<string> {
  const hash = createHash('sha256');
  let completed = 0;
  await readable(file, async () => {
    for await (const chunk of createReadStream(file.path, {
      signal: watch.signal,
      highWaterMark: 1 << 20,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      completed += chunk.length;
      watch.onProgress({ step: `reading ${file.name}`, completed, total });
    }
  });
  return hash.digest('hex');
}

interface BlobRequest {
  readonly method: 'HEAD' | 'POST';
  readonly path: string;
  readonly content: Readable | null;
  readonly length: number;
}

interface BlobAnswer {
  readonly status: number;
  readonly body: string;
}

async function send(
  api: OllamaApi,
  { content, length, ...blob }: BlobRequest,
  signal: AbortSignal,
): Promise<BlobAnswer> {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(length) };
  const { status, chunks } = await api.send({ ...blob, headers, body: content, isRepeatable: false }, signal);
  return { status, body: await readText(chunks) };
}

function refused({ endpoint }: OllamaApi, { status, body }: BlobAnswer): ServiceError {
  const { serverMessage } = readError(body);
  return statusError({ endpoint, status, serverMessage: serverMessage ?? `status ${status}`, model: '' });
}

async function readable<T>({ path }: LocalFile, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError')
      throw new ServiceError('aborted', 'Stopped before the file was sent.', { cause });
    throw new ServiceError('source_unreadable', `${path} cannot be read (${(cause as Error).message}).`, { cause });
  }
}
