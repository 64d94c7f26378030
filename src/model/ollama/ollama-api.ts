import { ServiceError } from '../../core/errors.ts';
import type { ModelEndpoint } from '../allowed-host.ts';
import { resolveEndpoint } from '../allowed-host.ts';
import { requestLimits } from '../request-limits.ts';
import { readError } from '../told-error.ts';
import { refuseRemoteModel, remoteHostOf } from '../cloud-model.ts';
import { readJson, readJsonLines, readText } from '../json-answer.ts';
import { statusError } from '../model-error.ts';
import type { ExchangeRequest, OpenAnswer } from '../transport/http-exchange.ts';
import { openExchange } from '../transport/http-exchange.ts';
import type { RequestLimits } from '../transport/request-watch.ts';
import { retryEarly } from '../transport/retry-early.ts';

/** Where an Ollama server is, and how long it may take. */
export interface OllamaAddress {
  /** `http://host:port`, `https://…` or `unix:/path`. */
  readonly modelUrl: string;
  /** Hosts other than this machine that a person allowed. */
  readonly allowedHosts: readonly string[];
  /** Longest silence of the server, in milliseconds, before it counts as hung. */
  readonly idleTimeoutMs?: number;
  /** Longest time that one answer may take in all, in milliseconds; undefined for any. */
  readonly totalTimeoutMs?: number;
}

/** A call of a model. */
export interface ApiCall {
  readonly path: string;
  readonly body: { readonly model: string };
  /** True where the server may be silent in the middle of an answer for as long as before it. */
  readonly isSilent?: boolean;
  readonly signal?: AbortSignal | undefined;
}

type Line = Readonly<Record<string, unknown>>;

const jsonHeaders = { 'content-type': 'application/json' };

/**
 * Ollama's HTTP interface: JSON in, JSON out. Each call is bounded in time. Errors: `model_unavailable`, `model_missing`,
 * `model_timeout`, `request_invalid` (Ollama's own words), `forbidden`, `aborted`.
 */
export class OllamaApi {
  readonly endpoint: ModelEndpoint;
  readonly allowedHosts: readonly string[];
  readonly #limits: Readonly<Record<'quick' | 'slow', RequestLimits>>;
  readonly #totalMs: number | undefined;

  /** Throws `config_invalid` or `forbidden` for an address that may not be used. */
  constructor(address: OllamaAddress) {
    this.endpoint = resolveEndpoint(address.modelUrl, address.allowedHosts);
    this.allowedHosts = address.allowedHosts;
    this.#limits = requestLimits(address.idleTimeoutMs);
    this.#totalMs = address.totalTimeoutMs;
  }

  /** A quick question about the server or one of its models; `body` null asks with GET. */
  async lookUp(path: string, body: { readonly model: string } | null, signal?: AbortSignal): Promise<Line> {
    const answer = await this.#open({ path, body, signal }, this.#limits.quick);
    return readJson(answer.chunks, this.endpoint);
  }

  /** A call that is answered in one piece. */
  async call(call: ApiCall): Promise<Line> {
    const limits = { ...this.#limits.slow, totalMs: this.#totalMs };
    const answer = await retryEarly(() => this.#open(call, limits), call.signal);
    return readJson(answer.chunks, this.endpoint);
  }

  /** The lines of a streamed answer; the last has `done`, and a stream that ends without one is an error. */
  async *stream(call: ApiCall): AsyncGenerator<Line> {
    const { slow } = this.#limits;
    const limits = { ...slow, totalMs: this.#totalMs, ...(call.isSilent === true ? { idleMs: slow.firstByteMs } : {}) };
    const answer = await retryEarly(() => this.#open(call, limits), call.signal);
    for await (const line of readJsonLines(answer.chunks, this.endpoint)) {
      this.#check(line, call.body.model);
      if (line['done'] !== true) {
        yield line;
        continue;
      }
      answer.release();
      yield line;
      return;
    }
    throw new ServiceError(
      'model_unavailable',
      `The model server at ${this.endpoint.label} ended the answer before it was complete. Its log says why.`,
    );
  }

  /** Sends a request as it is and gives the answer as it is. */
  send(request: ExchangeRequest, signal?: AbortSignal): Promise<OpenAnswer> {
    // What an administrator asks for, such as fetching a model, takes its time before and between its parts.
    const patienceMs = this.#totalMs ?? this.#limits.slow.firstByteMs;
    const limits = { ...this.#limits.slow, firstByteMs: patienceMs, idleMs: patienceMs };
    return openExchange(
      { ...request, path: this.#fullPath(request.path) },
      { endpoint: this.endpoint, limits, signal },
    );
  }

  async #open(
    { path, body, signal }: Omit<ApiCall, 'body'> & { readonly body: ApiCall['body'] | null },
    limits: RequestLimits,
  ): Promise<OpenAnswer> {
    const { endpoint } = this;
    const answer = await openExchange(
      {
        method: body === null ? 'GET' : 'POST',
        path: this.#fullPath(path),
        headers: body === null ? {} : jsonHeaders,
        body: body === null ? null : JSON.stringify(body),
        isRepeatable: true,
      },
      { endpoint, limits, signal },
    );
    const { status } = answer;
    if (status === 200) return answer;
    throw statusError({ endpoint, status, model: body?.model ?? '', ...readError(await readText(answer.chunks)) });
  }

  #fullPath(path: string): string {
    return new URL(this.endpoint.baseUrl).pathname.replace(/\/$/, '') + path;
  }

  #check(line: Line, model: string): void {
    const error = line['error'];
    if (typeof error === 'string')
      throw statusError({ endpoint: this.endpoint, status: 500, serverMessage: error, model });
    // Only now visible when a name was pointed elsewhere after the model was looked up.
    refuseRemoteModel(model, remoteHostOf(model, line), this.allowedHosts);
  }
}
