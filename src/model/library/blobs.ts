import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import type { LocalFile, ModelWatch } from '../../core/gateway/model-library.ts';
import type { ModelEndpoint } from '../allowed-host.ts';
import { asRecord } from '../json-answer.ts';
import { connectionError, statusError } from '../model-error.ts';

/**
 * Makes a server have a file, and returns its digest as the server names it (`sha256:…`). What it has already is not sent
 * again. Errors: `source_unreadable`, `model_unavailable`, `request_invalid`, `aborted`.
 */
export async function uploadFile(endpoint: ModelEndpoint, file: LocalFile, watch: ModelWatch): Promise<string> {
  const { size: total } = await readable(file, () => stat(file.path));
  const digest = `sha256:${await digestOf(file, total, watch)}`;
  const path = `/api/blobs/${digest}`;
  const known = await send(endpoint, { method: 'HEAD', path }, watch.signal);
  if (known.status === 200) return digest;
  if (known.status !== 404) throw refused(endpoint, known);
  let completed = 0;
  const content = createReadStream(file.path);
  content.on('data', (chunk) => {
    completed += chunk.length;
    watch.onProgress({ step: `uploading ${file.name}`, completed, total });
  });
  const sent = await send(endpoint, { method: 'POST', path, content, length: total }, watch.signal);
  if (sent.status !== 200 && sent.status !== 201) throw refused(endpoint, sent);
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
  readonly content?: NodeJS.ReadableStream;
  readonly length?: number;
}

interface BlobAnswer {
  readonly status: number;
  readonly body: string;
}

/** A server may take its time to check a file that it has received, not to take it. */
const silenceMs = 300_000;

async function send(endpoint: ModelEndpoint, blob: BlobRequest, signal: AbortSignal): Promise<BlobAnswer> {
  const url = new URL(endpoint.baseUrl + blob.path);
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: blob.method,
    signal,
    timeout: silenceMs,
    agent: false,
    headers: { 'content-length': blob.length ?? 0, 'content-type': 'application/octet-stream' },
    ...(endpoint.socketPath === null ? {} : { socketPath: endpoint.socketPath }),
  });
  request.once('timeout', () => request.destroy(new Error('silent for too long')));
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    request.once('response', resolve).once('error', reject),
  );
  try {
    const sending = blob.content === undefined ? void request.end() : pipeline(blob.content, request);
    // A server that refuses early ends the connection while it is still being sent to: its answer counts.
    const [incoming] = await Promise.all([answered, Promise.resolve(sending).catch(async () => answered)]);
    let body = '';
    for await (const text of incoming.setEncoding('utf8') as AsyncIterable<string>)
      if (body.length < 10_000) body += text;
    return { status: incoming.statusCode ?? 0, body };
  } catch (error) {
    throw connectionError(error, endpoint);
  } finally {
    request.destroy();
  }
}

function refused(endpoint: ModelEndpoint, { status, body }: BlobAnswer): ServiceError {
  let serverMessage = body === '' ? `status ${status}` : body;
  try {
    const { error } = asRecord(JSON.parse(body));
    if (typeof error === 'string') serverMessage = error;
  } catch {
    // A body that is no JSON is shown as it is.
  }
  return statusError({ endpoint, status, serverMessage, model: '' });
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
