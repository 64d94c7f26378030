import type { DecisionReport } from '../../../core/gateway/exchange.ts';
import type { ModelDone, ToolCall } from '../../../core/gateway/model-server.ts';
import type { AnswerBlock, BlockKind } from '../../v1/answer-blocks.ts';
import { promptTokensOf } from '../usage.ts';
import type { ResponsesBody } from './responses-request.ts';

/** What stays the same while a response grows. */
export interface ResponseHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** The name that was asked for. */
  readonly model: string;
  readonly body: ResponsesBody;
}

/** How far a response is. */
export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly output: readonly object[];
  readonly usage?: object;
  readonly error?: { readonly code: string; readonly message: string };
  readonly lorekeep?: DecisionReport | null;
}

/** A response as OpenAI's protocol describes it, with what the request said. */
export function responseObject({ id, createdAt, model, body }: ResponseHead, state: ResponseState): object {
  const { status, output, usage, error, lorekeep } = state;
  return {
    id,
    object: 'response',
    created_at: createdAt,
    status,
    background: false,
    error: error ?? null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model,
    output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: null },
    store: false,
    temperature: body.temperature ?? null,
    text: { format: body.text?.format ?? { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: body.top_p ?? null,
    truncation: 'disabled',
    usage: usage ?? null,
    metadata: body.metadata ?? {},
    ...(lorekeep === undefined || body.lorekeep === undefined ? {} : { lorekeep }),
  };
}

/** How a response ended. */
export function endState(
  done: ModelDone,
  { output, decision }: { readonly output: readonly object[]; readonly decision: DecisionReport | null },
): ResponseState {
  const status = done.reason === 'length' ? 'incomplete' : 'completed';
  return { status, output, usage: responseUsage(done, decision), lorekeep: decision };
}

function responseUsage(done: ModelDone, decision: DecisionReport | null): object {
  const input = promptTokensOf(done, decision);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: done.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + done.outputTokens,
  };
}

const idPrefixes = { text: 'msg', thinking: 'rs', tool: 'fc' } as const;

/** A new id for an item of a kind. */
export function itemId(kind: BlockKind, newId: () => string): string {
  return `${idPrefixes[kind]}_${newId()}`;
}

/** A finished block of an answer as an item. */
export function outputItem(block: AnswerBlock, id: string): OutputItem {
  if (block.kind === 'tool') return callItem(block.call, { id, status: 'completed' });
  if (block.kind === 'thinking') return { id, type: 'reasoning', summary: [summaryPart(block.text)] };
  return messageItem([textPart(block.text)], { id, status: 'completed' });
}

/** An item of a response's output. */
export interface OutputItem {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

interface ItemHead {
  readonly id: string;
  readonly status: 'in_progress' | 'completed';
}

/** A call; its arguments are still to come while it is in progress. */
export function callItem({ id: callId, name, arguments: given }: ToolCall, { id, status }: ItemHead): OutputItem {
  const text = status === 'completed' ? JSON.stringify(given) : '';
  return { id, type: 'function_call', status, call_id: callId, name, arguments: text };
}

export function messageItem(content: readonly object[], { id, status }: ItemHead): OutputItem {
  return { id, type: 'message', status, role: 'assistant', content };
}

export function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

export function summaryPart(text: string): object {
  return { type: 'summary_text', text };
}
