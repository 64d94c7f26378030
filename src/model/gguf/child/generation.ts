import type {
  ChatHistoryItem,
  ChatWrapper,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
  Token,
} from 'node-llama-cpp';
import { ServiceError } from '../../../core/errors.ts';
import type { Finished, Sampling, Turn, Writing } from '../child-messages.ts';
import type { JobReach, Library } from './job-reach.ts';

/** What a generation works with. */
export interface GenerationParts {
  readonly library: Library;
  readonly model: LlamaModel;
  /** Keeps what it has read: a prompt that begins like the last one is not read again. */
  readonly sequence: LlamaContextSequence;
  /** Writes a conversation out for the model. */
  readonly wrapper: ChatWrapper;
  readonly reach: JobReach;
}

/** What the library is told of every generation. */
interface Controls extends Sampling {
  readonly signal: AbortSignal;
  readonly maxTokens: number;
  readonly customStopTriggers: readonly string[];
  readonly grammar?: LlamaGrammar;
}

/** Nanoseconds between two times of `performance.now()`. */
export function nanoseconds(from: number, to: number): number {
  return Math.round((to - from) * 1e6);
}

/** One answer of a model. What does not fit the window is refused: the library would shift the beginning out in silence. */
export class Generation {
  readonly #parts: GenerationParts;
  readonly #start = performance.now();
  #firstAt: number | null = null;
  #outputTokens = 0;

  constructor(parts: GenerationParts) {
    this.#parts = parts;
  }

  /** Answers a conversation, whose last turn is the model's own. */
  async chat(turns: readonly Turn[], writing: Writing): Promise<Finished> {
    const { library, model, sequence, wrapper: chatWrapper } = this.#parts;
    const history = turns as ChatHistoryItem[];
    const { contextText } = chatWrapper.generateContextState({ chatHistory: history });
    const promptTokens = contextText.tokenize(model.tokenizer).length;
    const chat = new library.LlamaChat({ contextSequence: sequence, chatWrapper });
    try {
      const { metadata } = await chat.generateResponse(history, {
        ...(await this.#controls(writing, promptTokens)),
        ...(writing.mayThink ? {} : { budgets: { thoughtTokens: 0 } }),
        onResponseChunk: ({ segmentType, text, tokens }) => this.#piece(text, tokens, segmentType === 'thought'),
      });
      return this.finished(doneReason(metadata.stopReason), promptTokens);
    } finally {
      chat.dispose({ disposeSequence: false });
    }
  }

  /** Goes on with a text; special tokens in it are read as such. */
  async complete(prompt: string, writing: Writing): Promise<Finished> {
    const { model } = this.#parts;
    const { bos, shouldPrependBosToken } = model.tokens;
    const tokens = model.tokenize(prompt, true);
    // The library puts the first token in front of every text, also of one that has it.
    const input = shouldPrependBosToken && tokens[0] === bos ? tokens.slice(1) : tokens;
    return await this.#continue(writing, input.length, (completion, options) =>
      completion.generateCompletionWithMeta(input, options),
    );
  }

  /** Fills the hole between two texts. */
  async fill(prompt: string, suffix: string, writing: Writing): Promise<Finished> {
    const { model, sequence } = this.#parts;
    const room =
      sequence.contextSize - spareTokens - holeTokens - Math.min(writing.maxTokens ?? fillTokens, fillTokens);
    // What is next to the hole matters most; most of the room is for what stands before it.
    const after = model.tokenize(suffix).slice(0, Math.floor(room * suffixShare));
    const before = model.tokenize(prompt).slice(-(room - after.length));
    return await this.#continue(writing, before.length + after.length + holeTokens, (completion, options) =>
      completion.generateInfillCompletionWithMeta(before, after, options),
    );
  }

  /** How it ended. */
  finished(reason: string, promptTokens: number): Finished {
    const { id, cameAt } = this.#parts.reach;
    const end = performance.now();
    const first = this.#firstAt ?? end;
    const times = {
      totalNs: nanoseconds(cameAt, end),
      loadNs: nanoseconds(cameAt, this.#start),
      promptNs: nanoseconds(this.#start, first),
      outputNs: nanoseconds(first, end),
    };
    return { type: 'finished', id, reason, promptTokens, outputTokens: this.#outputTokens, times, vectors: [] };
  }

  async #continue(
    writing: Writing,
    promptTokens: number,
    generate: (completion: Completion, options: CompletionOptions) => Promise<CompletionEnd>,
  ): Promise<Finished> {
    const { library, sequence } = this.#parts;
    const completion = new library.LlamaCompletion({ contextSequence: sequence });
    try {
      let tokens: readonly Token[] = [];
      const { metadata } = await generate(completion, {
        ...(await this.#controls(writing, promptTokens)),
        disableContextShift: true,
        contextShiftSize: 1,
        onToken: (next) => {
          tokens = next;
        },
        onTextChunk: (text) => this.#piece(text, tokens, false),
      });
      return this.finished(doneReason(metadata.stopReason), promptTokens);
    } finally {
      completion.dispose({ disposeSequence: false });
    }
  }

  async #controls(writing: Writing, promptTokens: number): Promise<Controls> {
    const { signal } = this.#parts.reach;
    const { contextSize } = this.#parts.sequence;
    const room = contextSize - promptTokens - spareTokens;
    if (room < 1) {
      throw new ServiceError(
        'request_invalid',
        `The prompt has ${promptTokens} tokens, and the window of the model ${contextSize}. Shorten the prompt.`,
      );
    }
    const grammar = await this.#grammar(writing.format);
    return {
      ...writing.sampling,
      signal,
      maxTokens: Math.min(writing.maxTokens ?? room, room),
      customStopTriggers: writing.stop,
      ...(grammar === null ? {} : { grammar }),
    };
  }

  async #grammar(format: Writing['format']): Promise<LlamaGrammar | null> {
    const { llama } = this.#parts.model;
    if (format === null) return null;
    if (format === 'json') return await llama.getGrammarFor('json');
    try {
      // What the library calls a schema is a closed type; what is none is refused by it.
      const schema: unknown = format;
      const grammar: unknown = await llama.createGrammarForJsonSchema(schema as { readonly type: 'object' });
      return grammar as LlamaGrammar;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ServiceError('request_invalid', `No grammar can be made from the schema: ${why}`, { cause: error });
    }
  }

  #piece(text: string, tokens: readonly Token[], isThought: boolean): void {
    const { id, tell } = this.#parts.reach;
    this.#firstAt ??= performance.now();
    this.#outputTokens += tokens.length;
    if (text === '') return;
    tell({ type: 'piece', id, text: isThought ? '' : text, thinking: isThought ? text : '' });
  }
}

type Completion = InstanceType<Library['LlamaCompletion']>;
type CompletionOptions = NonNullable<Parameters<Completion['generateCompletionWithMeta']>[1]>;
type CompletionEnd = Awaited<ReturnType<Completion['generateCompletionWithMeta']>>;

/** The library keeps a place free, and puts a first token in front. */
const spareTokens = 3;
/** Tokens that mark a hole. */
const holeTokens = 3;
/** Room that stays for a filling. */
const fillTokens = 512;
const suffixShare = 0.25;

function doneReason(reason: string): string {
  return reason === 'maxTokens' ? 'length' : 'stop';
}
