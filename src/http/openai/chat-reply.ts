import type { ModelDelta, ToolCall } from '../../core/gateway/model-server.ts';
import { endless } from '../v1/answer-blocks.ts';
import { eventText } from '../v1/event-stream.ts';
import type { OpenAnswer } from '../v1/open-chat.ts';
import { finishReason, usageOf } from './usage.ts';

/** What a reply says of itself. */
export interface ReplyHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Whether the last object carries what was decided. */
  readonly showsDecision: boolean;
  /** Whether a stream ends with a count of tokens. */
  readonly includesUsage: boolean;
}

/** A whole answer as `chat.completion`. Errors: those of the events. */
export async function chatCompletion({ model, decision, events }: OpenAnswer, head: ReplyHead): Promise<object> {
  const said: SaidSoFar = { text: '', thinking: '', calls: [], logprobs: [] };
  for await (const event of events) {
    if (event.type === 'delta') {
      said.text += event.text;
      said.thinking += event.thinking ?? '';
      said.calls.push(...(event.toolCalls ?? []));
      said.logprobs.push(...logprobsIn(event));
      continue;
    }
    const { calls, logprobs } = said;
    const end = { logprobs: logprobsOf(logprobs), finish_reason: finishReason(event, calls.length > 0) };
    return {
      id: head.id,
      object: 'chat.completion',
      created: head.created,
      model,
      choices: [{ index: 0, message: messageOf(said), ...end }],
      usage: usageOf(event, decision()),
      ...(head.showsDecision ? { lorekeep: decision() } : {}),
    };
  }
  throw endless();
}

interface SaidSoFar {
  text: string;
  thinking: string;
  readonly calls: ToolCall[];
  readonly logprobs: unknown[];
}

function messageOf({ text, thinking, calls }: SaidSoFar): object {
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(thinking === '' ? {} : thoughts(thinking)),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(callOf) }),
  };
}

/** An answer as `chat.completion.chunk` events, `[DONE]` last. Errors: those of the events. */
export async function* chatChunks({ model, decision, events }: OpenAnswer, head: ReplyHead): AsyncGenerator<string> {
  const base = { id: head.id, object: 'chat.completion.chunk', created: head.created, model };
  const chunk = (delta: object, logprobs: object | null = null): string =>
    eventText({ ...base, choices: [{ index: 0, delta, logprobs, finish_reason: null }] });
  yield chunk({ role: 'assistant', content: '' });
  let calls = 0;
  for await (const event of events) {
    if (event.type === 'delta') {
      if (event.thinking) yield chunk(thoughts(event.thinking));
      const logprobs = logprobsOf(logprobsIn(event));
      if (event.text !== '' || logprobs !== null) yield chunk({ content: event.text }, logprobs);
      for (const call of event.toolCalls ?? []) {
        yield chunk({ tool_calls: [{ index: calls, ...callOf(call) }] });
        calls += 1;
      }
      continue;
    }
    const shown = head.showsDecision ? { lorekeep: decision() } : {};
    const end = [{ index: 0, delta: {}, logprobs: null, finish_reason: finishReason(event, calls > 0) }];
    yield eventText({ ...base, choices: end, ...(head.includesUsage ? {} : shown) });
    if (head.includesUsage) yield eventText({ ...base, choices: [], usage: usageOf(event, decision()), ...shown });
    yield eventText('[DONE]');
    return;
  }
  throw endless();
}

/** Two names are in use: `reasoning_content` most widely, `reasoning` by Ollama and its clients. */
function thoughts(text: string): object {
  return { reasoning_content: text, reasoning: text };
}

function callOf({ id, name, arguments: given }: ToolCall): object {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(given) } };
}

function logprobsIn({ extra }: ModelDelta): readonly unknown[] {
  const value = extra?.['logprobs'];
  return Array.isArray(value) ? value : [];
}

function logprobsOf(content: readonly unknown[]): object | null {
  return content.length === 0 ? null : { content, refusal: null };
}
