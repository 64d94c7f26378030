import type { ModelEndpoint } from '../allowed-host.ts';
import { resolveEndpoint } from '../allowed-host.ts';
import { requestLimits } from '../request-limits.ts';
import { readError } from '../told-error.ts';
import { refuseRemoteModel, remoteHostOf } from '../cloud-model.ts';
import { retryBusy } from '../embedding-batch.ts';
import { readJson, readText } from '../json-answer.ts';
import { connectionError, statusError, statusOf } from '../model-error.ts';
import type { ServerKind } from '../server-kind.ts';
import type { OpenAnswer } from '../transport/http-exchange.ts';
import { openExchange } from '../transport/http-exchange.ts';
import type { RequestLimits } from '../transport/request-watch.ts';
import { retryEarly } from '../transport/retry-early.ts';

/** What an OpenAI-compatible server needs to be reached. */
export interface OpenaiAddress {
  /** What `/models` is added to: `http://host:port/v1`, `https://…` or `unix:/path`. */
  readonly url: string;
  /** Sent as a bearer token; '' for a server that wants none. */
  readonly key: string;
  /** Hosts other than this machine that a person allowed. */
  readonly allowedHosts: readonly string[];
  /** Longest silence of the server, in milliseconds, before it counts as hung. */
  readonly idleTimeoutMs?: number | undefined;
  /** Longest time that one answer may take in all, in milliseconds; undefined for any. */
  readonly totalTimeoutMs?: number | undefined;
  /** For messages. */
  readonly kind: ServerKind;
}

/** A question about a server or one of its models. */
export interface OpenaiLookup {
  /** '' for none in particular. */
  readonly model: string;
  readonly signal?: AbortSignal | undefined;
}

/** A call of a model; the path begins with a slash. */
export interface OpenaiCall {
  readonly path: string;
  readonly body: { readonly model: string };
  /** True where the server may be silent in the middle of an answer for as long as before it. */
  readonly isSilent?: boolean;
  readonly signal?: AbortSignal | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Requests to one OpenAI-compatible server. Each refuses models that Ollama forwards elsewhere. Errors: `model_unavailable`,
 * `model_missing`, `model_timeout`, `request_invalid` (the server's own words), `config_invalid` (the key), `forbidden`, `aborted`.
 */
export class OpenaiReach {
  readonly endpoint: ModelEndpoint;
  readonly #address: OpenaiAddress;
  readonly #limits: Readonly<Record<'quick' | 'slow', RequestLimits>>;
  readonly #base: string;

  /** Throws `config_invalid` or `forbidden` for a URL that may not be used. */
  constructor(address: OpenaiAddress) {
    this.#address = address;
    this.endpoint = resolveEndpoint(address.url, address.allowedHosts, address.kind);
    this.#limits = requestLimits(address.idleTimeoutMs);
    const { pathname } = new URL(this.endpoint.baseUrl);
    // The path of a Unix socket leaves no room for the path of the API.
    this.#base = this.endpoint.socketPath === null ? pathname.replace(/\/$/, '') : '/v1';
  }

  /** The answer to a call, whose head has come. */
  async open(call: OpenaiCall): Promise<OpenAnswer> {
    const { slow } = this.#limits;
    const silent = call.isSilent === true ? { idleMs: slow.firstByteMs } : {};
    const limits = { ...slow, totalMs: this.#address.totalTimeoutMs, ...silent };
    const { path, body, signal } = call;
    return await retryEarly(
      () => this.#request(this.#base + path, body, { limits, model: body.model, signal }),
      signal,
    );
  }

  /** The answer to a call that is answered in one piece. */
  async ask(call: OpenaiCall): Promise<Fields> {
    return await readJson((await this.open(call)).chunks, this.endpoint);
  }

  /** What a path below the API's own tells, null where the server has no such path. Waits a little for a busy server. */
  lookUp(path: string, lookup: OpenaiLookup): Promise<Fields | null> {
    return this.#lookUp(this.#base + path, lookup);
  }

  /** The same for a path beside `/v1`. */
  lookUpBeside(path: string, lookup: OpenaiLookup): Promise<Fields | null> {
    return this.#lookUp(this.#base.replace(/\/v1$/, '') + path, lookup);
  }

  async #lookUp(path: string, { model, signal }: OpenaiLookup): Promise<Fields | null> {
    const ask = async (): Promise<Fields> => {
      const answer = await this.#request(path, null, { limits: this.#limits.quick, model, signal });
      return await readJson(answer.chunks, this.endpoint);
    };
    try {
      return await retryBusy(ask, signal);
    } catch (error) {
      if (isUnknownPath(statusOf(error))) return null;
      throw connectionError(error, this.endpoint);
    }
  }

  async #request(
    path: string,
    body: object | null,
    { limits, model, signal }: OpenaiLookup & { readonly limits: RequestLimits },
  ): Promise<OpenAnswer> {
    const { endpoint } = this;
    const { key, allowedHosts } = this.#address;
    refuseRemoteModel(model, remoteHostOf(model, {}), allowedHosts);
    const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
    if (body !== null) headers['content-type'] = 'application/json';
    const method = body === null ? 'GET' : 'POST';
    const sent = { method, path, headers, body: body === null ? null : JSON.stringify(body), isRepeatable: true };
    const answer = await openExchange(sent, { endpoint, limits, signal });
    const { status } = answer;
    if (status === 200) return answer;
    throw statusError({ endpoint, status, model, ...readError(await readText(answer.chunks)) });
  }
}

/** A path that the server does not have. Any other status may pass, and must not look like a server without facts. */
function isUnknownPath(status: number | null): boolean {
  return status === 404 || status === 405 || status === 501;
}
