import type { ModelDelta, ModelDone, ModelEvent, ToolCall } from '../../core/gateway/model-server.ts';
import { asRecord, asRecords } from '../json-answer.ts';

type Line = Readonly<Record<string, unknown>>;

/** Fields that an event has a place for, or that every surface writes by itself. */
const readFields = new Set([
  'model',
  'created_at',
  'message',
  'response',
  'thinking',
  'tool_calls',
  'done',
  'done_reason',
  'context',
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
]);

/** Reads the lines of one answer of `/api/chat` or `/api/generate`. */
export class AnswerLines {
  readonly #newId: () => string;
  readonly #toolIds = new Set<string>();

  /** `newId` gives ids to calls of tools that the server gave none. */
  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** The event of a line; a last line that still has text is two. */
  read(line: Line): readonly ModelEvent[] {
    const delta = this.#delta(line);
    if (line['done'] !== true) return [withExtra(delta, line)];
    const done = withExtra(doneOf(line), line);
    return delta.text === '' && delta.thinking === undefined && delta.toolCalls === undefined ? [done] : [delta, done];
  }

  #delta(line: Line): ModelDelta {
    const message = asRecord(line['message'] ?? line);
    const content = line['message'] === undefined ? line['response'] : message['content'];
    const { thinking, tool_calls: calls } = message;
    return {
      type: 'delta',
      text: typeof content === 'string' ? content : '',
      ...(typeof thinking === 'string' && thinking !== '' ? { thinking } : {}),
      ...(Array.isArray(calls) && calls.length > 0
        ? { toolCalls: asRecords(calls).map((c) => this.#toolCall(c)) }
        : {}),
    };
  }

  /** Servers give no ids, or one id to several calls. */
  #toolCall(call: Line): ToolCall {
    const { name, arguments: values } = asRecord(call['function']);
    const { id: given } = call;
    const isGood = typeof given === 'string' && given !== '' && !this.#toolIds.has(given);
    const id = isGood ? given : `call_${this.#newId()}`;
    this.#toolIds.add(id);
    return { id, name: String(name), arguments: asRecord(typeof values === 'string' ? parsed(values) : values) };
  }
}

function doneOf(line: Line): ModelDone {
  const { context } = line;
  return {
    type: 'done',
    reason: typeof line['done_reason'] === 'string' ? line['done_reason'] : 'stop',
    promptTokens: count(line['prompt_eval_count']),
    outputTokens: count(line['eval_count']),
    times: {
      totalNs: count(line['total_duration']),
      loadNs: count(line['load_duration']),
      promptNs: count(line['prompt_eval_duration']),
      outputNs: count(line['eval_duration']),
    },
    ...(Array.isArray(context) ? { context: context.map(Number) } : {}),
  };
}

function withExtra<Event extends ModelEvent>(event: Event, line: Line): Event {
  let extra: Record<string, unknown> | null = null;
  for (const name in line) if (!readFields.has(name)) (extra ??= {})[name] = line[name];
  return extra === null ? event : { ...event, extra };
}

function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
