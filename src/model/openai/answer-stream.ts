import { ServiceError } from '../../core/errors.ts';
import type { GenerationTimes, ModelDelta, ModelDone, ModelEvent } from '../../core/gateway/model-server.ts';
import { estimateTokens } from '../../text/tokens.ts';
import type { ModelEndpoint } from '../allowed-host.ts';
import { toldError } from '../told-error.ts';
import { asRecord, asRecords, parseLine, readJson } from '../json-answer.ts';
import { otherServerError, statusError } from '../model-error.ts';
import type { OpenAnswer } from '../transport/http-exchange.ts';
import { readEventStream } from './event-stream.ts';
import type { StreamEvent } from './event-stream.ts';
import { ToolCallCollector } from './tool-calls.ts';

/** What an answer is an answer to. */
export interface AnswerContext {
  readonly endpoint: ModelEndpoint;
  readonly model: string;
  /** Text of the prompt, to count where the server does not. */
  readonly prompt: () => string;
  /** Sentences on what the call asked for and the server could not be told. */
  readonly notices: readonly string[];
}

/**
 * A streamed answer of `/chat/completions` or `/completions` as events. Throws for an error within the stream, and for a stream that ends too early.
 */
export async function* readAnswer(opened: OpenAnswer, context: AnswerContext): AsyncGenerator<ModelEvent> {
  const { endpoint } = context;
  const answer = new Answer(context);
  const isStream = opened.headers['content-type']?.includes('text/event-stream') === true;
  const events = isStream ? readEventStream(opened.chunks, endpoint) : wholeAnswer(opened, endpoint);
  for await (const event of events) {
    if (event.data.trim() === '[DONE]') {
      opened.release();
      yield* answer.finish();
      return;
    }
    const delta = answer.read(pieceOf(event, context));
    if (delta !== null) yield delta;
  }
  yield* answer.finish();
}

/** A server that does not stream answers at once. */
async function* wholeAnswer({ chunks }: OpenAnswer, endpoint: ModelEndpoint): AsyncGenerator<StreamEvent> {
  const answer = await readJson(chunks, endpoint);
  if (!('choices' in answer || 'error' in answer)) throw otherServerError(endpoint, new Error('no choices'));
  yield { name: 'message', data: JSON.stringify(answer) };
}

function pieceOf({ name, data }: StreamEvent, { endpoint, model }: AnswerContext): Readonly<Record<string, unknown>> {
  const piece = parseLine(data, endpoint);
  const error = name === 'error' && !('error' in piece) ? { error: piece } : piece;
  if ((error['error'] ?? null) === null) return piece;
  const { code } = asRecord(error['error']);
  const status = typeof code === 'number' && code >= 400 && code < 600 ? code : 500;
  const told = toldError(error);
  const serverMessage = told.serverMessage ?? JSON.stringify(error['error']).slice(0, 300);
  throw statusError({ endpoint, status, model, ...told, serverMessage });
}

/** One answer while it arrives. */
class Answer {
  readonly #context: AnswerContext;
  readonly #tools = new ToolCallCollector();
  #reason: string | null = null;
  #usage: Readonly<Record<string, unknown>> = {};
  #timings: Readonly<Record<string, unknown>> = {};
  #text = '';
  #isEmpty = true;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  /** What a piece adds to the answer, null for nothing. */
  read(piece: Readonly<Record<string, unknown>>): ModelDelta | null {
    this.#isEmpty = false;
    if (piece['usage'] !== null && piece['usage'] !== undefined) this.#usage = asRecord(piece['usage']);
    if (piece['timings'] !== undefined) this.#timings = asRecord(piece['timings']);
    const [choice = {}] = asRecords(piece['choices']);
    const message = asRecord(choice['delta'] ?? choice['message']);
    if (typeof choice['finish_reason'] === 'string') this.#reason = choice['finish_reason'];
    this.#tools.add(message['tool_calls']);
    const text = textOf(choice['text'] ?? message['content']);
    const thinking = textOf(message['reasoning_content'] ?? message['reasoning']);
    const logprobs = asRecord(choice['logprobs'])['content'];
    this.#text += thinking + text;
    if (text === '' && thinking === '' && logprobs === undefined) return null;
    return {
      type: 'delta',
      text,
      ...(thinking === '' ? {} : { thinking }),
      ...(logprobs === undefined || logprobs === null ? {} : { extra: { logprobs } }),
    };
  }

  /** The tool calls and the end. Without a reason it is none: llama-cpp-python marks the end of answers that it breaks off, too. */
  *finish(): Generator<ModelEvent> {
    if (this.#reason === null) throw endedEarly(this.#context.endpoint, this.#isEmpty);
    const { calls, broken } = this.#tools.finish();
    if (calls.length > 0) yield { type: 'delta', text: '', toolCalls: calls };
    yield this.#done(this.#reason, broken);
  }

  #done(reason: string, broken: readonly string[]): ModelDone {
    const { prompt_tokens: prompt, completion_tokens: output } = this.#usage;
    const isCounted = typeof prompt === 'number' && typeof output === 'number';
    const notices = [
      ...this.#context.notices,
      ...broken.map((name) => `The model called the tool "${name}" with arguments that are no JSON object: left out.`),
      ...(isCounted ? [] : ['The server told no token counts: they are estimated.']),
    ];
    return {
      type: 'done',
      reason: doneReason(reason),
      promptTokens: isCounted ? prompt : estimateTokens(this.#context.prompt()),
      outputTokens: isCounted ? output : estimateTokens(this.#text),
      times: timesOf(this.#timings),
      ...(notices.length === 0 ? {} : { notices }),
    };
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** In the vocabulary of the port an answer with tool calls stops like any other. */
function doneReason(reason: string): string {
  return reason === 'tool_calls' || reason === 'function_call' ? 'stop' : reason;
}

/** llama.cpp tells how long it took, in milliseconds; the others tell nothing. */
function timesOf(timings: Readonly<Record<string, unknown>>): GenerationTimes {
  const nanoseconds = (value: unknown): number => (typeof value === 'number' ? Math.round(value * 1e6) : 0);
  const promptNs = nanoseconds(timings['prompt_ms']);
  const outputNs = nanoseconds(timings['predicted_ms']);
  return { totalNs: promptNs + outputNs, loadNs: 0, promptNs, outputNs };
}

/** The cause of the error for an answer that is not complete. */
class EndedEarly extends Error {
  readonly isEmpty: boolean;

  constructor(isEmpty: boolean) {
    super('the stream ended early');
    this.name = 'EndedEarly';
    this.isEmpty = isEmpty;
  }
}

/** True for the error of an answer that ended before anything of it had come. */
export function isEmptyAnswer(error: unknown): boolean {
  return error instanceof ServiceError && error.cause instanceof EndedEarly && error.cause.isEmpty;
}

function endedEarly({ label }: ModelEndpoint, isEmpty: boolean): ServiceError {
  return new ServiceError(
    'model_unavailable',
    `The model server at ${label} ended the answer before it was complete. Its log says why.`,
    { cause: new EndedEarly(isEmpty) },
  );
}
