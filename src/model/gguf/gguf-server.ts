import { availableParallelism } from 'node:os';
import type {
  ChatCall,
  CompletionCall,
  EmbedCall,
  Embeddings,
  ModelCall,
  ModelEvent,
  ModelInfo,
  ModelServer,
  TokenCounter,
} from '../../core/gateway/model-server.ts';
import { estimateTokens } from '../../text/tokens.ts';
import { unitVector } from '../embedding-batch.ts';
import { filledHole } from '../servers/filled-hole.ts';
import type { FreeMemory } from '../ollama/free-memory.ts';
import { machineMemory } from '../ollama/free-memory.ts';
import { loadedEvent, promptMessages, refuseOllamaOnly } from '../servers/prompt-call.ts';
import { renderChat } from '../profiles/chat-styles.ts';
import type { ChatStyle } from '../profiles/chat-styles.ts';
import { vocabularyCounter } from '../tokens/vocabulary-counter.ts';
import { unitVectors } from '../servers/unit-vectors.ts';
import { abortedError } from './child-error.ts';
import type { Finished, Job, Piece } from './child-messages.ts';
import { readGgufMetadata } from './gguf-metadata.ts';
import { GgufPool } from './gguf-pool.ts';
import type { PooledModel } from './gguf-pool.ts';
import { keepAliveMs } from './keep-alive.ts';
import { translateMessages, translateWriting, unsupported } from './writing.ts';

/** How model files are run. */
export interface GgufServerOptions {
  /** Absolute paths of files that are listed without having been asked for. */
  readonly files?: readonly string[];
  /** Whether no other files may be asked for; false by default. */
  readonly onlyFiles?: boolean;
  /** Processors for one model; by default all. */
  readonly threads?: number;
  /** Longest silence of a process while it works, in milliseconds, before it counts as hung. */
  readonly idleTimeoutMs?: number;
  /** Longest time that one answer may take in all, in milliseconds; undefined for any. */
  readonly totalTimeoutMs?: number;
  /** How long a process stays without work where a call does not say, in milliseconds. */
  readonly unloadAfterMs?: number;
  /** Processes at once. */
  readonly maxProcesses?: number;
  /** Memory that is free; by default that of this machine. */
  readonly freeMemory?: () => FreeMemory;
  /** How long a process may go on after its call was stopped, in milliseconds, before it is ended. */
  readonly stopMs?: number;
  /** Module of the processes, for tests. */
  readonly childUrl?: URL;
}

const defaultSilenceMs = 300_000;
const defaultUnloadMs = 300_000;
const defaultProcesses = 2;

/**
 * Models in GGUF files, each in a child process through node-llama-cpp: no server, nothing built, nothing downloaded. A model's
 * name is the absolute path of its file. The processes run without a GPU.
 */
export class GgufServer implements ModelServer {
  readonly #options: GgufServerOptions;
  readonly #pool: GgufPool;
  readonly #unloadAfterMs: number;
  readonly #counters = new Map<string, Promise<TokenCounter>>();

  constructor(options: GgufServerOptions = {}) {
    this.#options = options;
    this.#unloadAfterMs = options.unloadAfterMs ?? defaultUnloadMs;
    this.#pool = new GgufPool({
      silenceMs: options.idleTimeoutMs ?? defaultSilenceMs,
      totalMs: options.totalTimeoutMs,
      idleMs: this.#unloadAfterMs,
      allowed: options.onlyFiles === true ? new Set(options.files) : null,
      threads: options.threads ?? availableParallelism(),
      maxProcesses: options.maxProcesses ?? defaultProcesses,
      freeMemory: options.freeMemory ?? machineMemory,
      ...(options.stopMs !== undefined && { stopMs: options.stopMs }),
      ...(options.childUrl !== undefined && { childUrl: options.childUrl }),
    });
  }

  /** The files that the options name and those that were asked for; one that cannot be read now is left out. */
  async models(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    const paths = new Set([...(this.#options.files ?? []), ...this.#pool.paths]);
    const found = await Promise.allSettled([...paths].map((path) => this.describe(path, signal)));
    return found.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  }

  async describe(model: string, signal?: AbortSignal): Promise<ModelInfo> {
    throwIfAborted(signal);
    return (await this.#pool.open(model)).info;
  }

  /** Exact for the kinds of vocabulary that are known here. */
  async tokenCounter(model: string, signal?: AbortSignal): Promise<TokenCounter> {
    throwIfAborted(signal);
    const { info } = await this.#pool.open(model);
    const known = this.#counters.get(info.digest);
    if (known !== undefined) return await known;
    const counter = this.#readCounter(model);
    this.#counters.set(info.digest, counter);
    // A failure to read is not to last.
    counter.catch(() => this.#counters.delete(info.digest));
    return await counter;
  }

  async *chat(call: ChatCall, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
    if (call.tools !== undefined && call.tools.length > 0) throw unsupported('call tools');
    const model = await this.#pool.open(call.model);
    if (call.messages.length === 0) {
      await this.#load(model, call, signal);
      yield loadedEvent(call);
      return;
    }
    const { writing, notices } = translateWriting(withStops(call, model.chat), model.info.windowTokens);
    const turns = translateMessages(call.messages);
    const job: Job =
      model.chat === null
        ? { kind: 'chat', turns, writing }
        : { kind: 'complete', prompt: renderChat(model.chat, call.messages), writing };
    yield* this.#write(model, { job, keepAlive: call.keepAlive, notices }, signal);
  }

  async *complete(call: CompletionCall, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
    refuseOllamaOnly(call, 'A GGUF file');
    if (call.suffix === undefined && call.raw !== true) {
      yield* this.chat({ ...call, messages: promptMessages(call) }, signal);
      return;
    }
    const model = await this.#pool.open(call.model);
    const { fim, info } = model;
    const { windowTokens } = info;
    const filled = call.suffix === undefined || fim === null ? null : filledHole(call, { fim, windowTokens });
    const { prompt, suffix, snippets = [], ...rest } = filled?.call ?? call;
    if (suffix !== undefined && !info.capabilities.includes('insert')) throw unsupported('fill holes in code');
    const { writing, notices } = translateWriting(rest, windowTokens);
    const left =
      snippets.length === 0 ? [] : ['The evidence was left out: the file itself says how holes are written.'];
    const job: Job =
      suffix === undefined ? { kind: 'complete', prompt, writing } : { kind: 'fill', prompt, suffix, writing };
    const told = [...(filled?.notices ?? []), ...left, ...notices];
    yield* this.#write(model, { job, keepAlive: call.keepAlive, notices: told }, signal);
  }

  async embed(call: EmbedCall, signal?: AbortSignal): Promise<Embeddings> {
    const model = await this.#pool.open(call.model);
    if (call.inputs.length === 0) return { vectors: [], promptTokens: 0 };
    const job: Job = { kind: 'embed', inputs: call.inputs, truncate: call.truncate !== false };
    const { vectors, promptTokens, times } = await ended(this.#run(model, { job, keepAlive: call.keepAlive }, signal));
    const results = vectors.map((vector) => unitVector([...vector]));
    return {
      vectors: unitVectors(results, call.dimensions),
      promptTokens,
      totalNs: times.totalNs,
      loadNs: times.loadNs,
    };
  }

  /** Ids of the processes that run. */
  get processIds(): readonly number[] {
    return this.#pool.processIds;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async *#write(
    model: PooledModel,
    order: Order & { readonly notices: readonly string[] },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ModelEvent> {
    const { notices } = order;
    const running = this.#run(model, order, signal);
    let step = await running.next();
    try {
      for (; step.done !== true; step = await running.next()) {
        const { text, thinking } = step.value;
        yield { type: 'delta', text, ...(thinking === '' ? {} : { thinking }) };
      }
    } finally {
      // Who leaves early leaves the process, too.
      if (step.done !== true) await running.return(undefined as never);
    }
    const { reason, promptTokens, outputTokens, times } = step.value;
    yield { type: 'done', reason, promptTokens, outputTokens, times, ...(notices.length === 0 ? {} : { notices }) };
  }

  async *#run(model: PooledModel, order: Order, signal: AbortSignal | undefined): AsyncGenerator<Piece, Finished> {
    const { job, keepAlive } = order;
    const idleMs = keepAliveMs(keepAlive, this.#unloadAfterMs);
    throwIfAborted(signal);
    await this.#pool.makeRoom(model);
    return yield* model.process.run(job, { signal, idleMs });
  }

  async #load(model: PooledModel, call: ModelCall, signal: AbortSignal | undefined): Promise<void> {
    const isLeaving = loadedEvent(call).reason === 'unload';
    if (isLeaving && model.process.pid === null) return;
    await ended(this.#run(model, { job: { kind: 'load' }, keepAlive: call.keepAlive }, signal));
  }

  async #readCounter(path: string): Promise<TokenCounter> {
    const metadata = await readGgufMetadata(path, true);
    return vocabularyCounter(metadata ?? {}) ?? { isExact: false, count: estimateTokens };
  }
}

/** Where the form of a conversation is ours, so are the signs at which an answer ends. */
function withStops(call: ChatCall, chat: ChatStyle | null): ChatCall {
  if (chat === null) return call;
  const asked = [call.options['stop'] ?? []].flat().map(String);
  return { ...call, options: { ...call.options, stop: [...new Set([...asked, ...chat.stops])] } };
}

/** What a process is to do for a call. */
interface Order {
  readonly job: Job;
  readonly keepAlive: string | number | undefined;
}

/** Waits for the end of a job whose pieces do not matter. */
async function ended(running: AsyncGenerator<Piece, Finished>): Promise<Finished> {
  let step = await running.next();
  while (step.done !== true) step = await running.next();
  return step.value;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError();
}
