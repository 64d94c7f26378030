import type { ChatWrapper, LlamaContextSequence, LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import { ServiceError } from '../../../core/errors.ts';
import type { ChildSetup, Finished, Job } from '../child-messages.ts';
import { Generation, nanoseconds } from './generation.ts';
import type { JobReach, Library } from './job-reach.ts';

/** Tokens that a model may want around a text. */
const frameTokens = 3;

/** A model in this process, with one window for what it writes and one for vectors. Nothing is built or downloaded. */
export class LoadedModel {
  readonly #library: Library;
  readonly #model: LlamaModel;
  readonly #setup: ChildSetup;
  #sequence: LlamaContextSequence | null = null;
  #wrapper: ChatWrapper | null = null;
  #embedding: LlamaEmbeddingContext | null = null;

  private constructor(library: Library, model: LlamaModel, setup: ChildSetup) {
    this.#library = library;
    this.#model = model;
    this.#setup = setup;
  }

  /** Loads the library and the file. */
  static async open(setup: ChildSetup, onProgress: () => void): Promise<LoadedModel> {
    const library = await import('node-llama-cpp');
    const llama = await library.getLlama({
      build: 'never',
      skipDownload: true,
      gpu: false,
      progressLogs: false,
      logLevel: library.LlamaLogLevel.error,
      // More than there are processors spin in each other's way.
      maxThreads: setup.threads,
    });
    const model = await llama.loadModel({ modelPath: setup.modelPath, onLoadProgress: onProgress });
    return new LoadedModel(library, model, setup);
  }

  /** Does a job; `tell` hears of its pieces. */
  async run(job: Job, reach: JobReach): Promise<Finished> {
    if (job.kind === 'embed') return await this.#embed(job, reach);
    const sequence = (this.#sequence ??= await this.#openSequence());
    this.#wrapper ??= this.#openWrapper();
    const generation = new Generation({
      library: this.#library,
      model: this.#model,
      sequence,
      wrapper: this.#wrapper,
      reach,
    });
    if (job.kind === 'load') return generation.finished('load', 0);
    if (job.kind === 'complete') return await generation.complete(job.prompt, job.writing);
    if (job.kind === 'fill') return await generation.fill(job.prompt, job.suffix, job.writing);
    return await generation.chat(job.turns, job.writing);
  }

  async #openSequence(): Promise<LlamaContextSequence> {
    const { windowTokens, threads } = this.#setup;
    const context = await this.#model.createContext({ contextSize: windowTokens, sequences: 1, threads });
    return context.getSequence();
  }

  #openWrapper(): ChatWrapper {
    return this.#library.resolveChatWrapper(this.#model, { warningLogs: false });
  }

  async #embed(job: Extract<Job, { kind: 'embed' }>, reach: JobReach): Promise<Finished> {
    const { id, tell, signal, cameAt } = reach;
    const { windowTokens, threads } = this.#setup;
    this.#embedding ??= await this.#model.createEmbeddingContext({ contextSize: windowTokens, threads });
    const start = performance.now();
    const vectors: Float32Array[] = [];
    let promptTokens = 0;
    for (const [place, text] of job.inputs.entries()) {
      signal.throwIfAborted();
      const tokens = this.#fitting(text, place, job.truncate);
      promptTokens += tokens.length;
      const { vector } = await this.#embedding.getEmbeddingFor(tokens);
      vectors.push(Float32Array.from(vector));
      tell({ type: 'busy', id });
    }
    const end = performance.now();
    const times = {
      totalNs: nanoseconds(cameAt, end),
      loadNs: nanoseconds(cameAt, start),
      promptNs: nanoseconds(start, end),
      outputNs: 0,
    };
    return { type: 'finished', id, reason: 'stop', promptTokens, outputTokens: 0, times, vectors };
  }

  #fitting(text: string, place: number, truncate: boolean): Token[] {
    const tokens = this.#model.tokenize(text);
    const limit = this.#setup.windowTokens - frameTokens;
    if (tokens.length <= limit) return tokens;
    if (truncate) return tokens.slice(0, limit);
    throw new ServiceError(
      'request_invalid',
      `Text ${place + 1} has ${tokens.length} tokens, more than the ${limit} that the model takes. Shorten it.`,
    );
  }
}
