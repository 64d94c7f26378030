import type { DecisionReport } from '../../core/gateway/exchange.ts';
import type { ModelDelta, ModelDone, ToolCall } from '../../core/gateway/model-server.ts';

/** Prints events as objects of Ollama's protocol, in the field order of its server. One for each answer: it counts tool calls. */
export interface AnswerPrinter {
  delta(event: ModelDelta): object;
  /** `lorekeep` is what the request asked to hear of, undefined for nothing. */
  done(event: ModelDone, lorekeep?: DecisionReport): object;
  /** A whole answer at once, from its pieces joined. */
  whole(joined: ModelDelta, end: ModelDone, lorekeep?: DecisionReport): object;
}

/** What all objects of an answer share. */
export interface AnswerHead {
  /** The name that was asked for. */
  readonly model: string;
  readonly now: () => Date;
}

const nothing: ModelDelta = { type: 'delta', text: '' };

/** Prints for `/api/chat`. */
export function chatPrinter(head: AnswerHead): AnswerPrinter {
  const calls = toolCallNumbers();
  const line = ({ text, thinking, toolCalls }: ModelDelta): object => ({
    ...started(head),
    message: { role: 'assistant', content: text, ...thoughts(thinking), ...calls(toolCalls) },
  });
  const ended = (joined: ModelDelta, end: ModelDone, lorekeep?: DecisionReport): object => ({
    ...line(joined),
    done_reason: end.reason,
    done: true,
    ...metrics(end),
    ...joined.extra,
    ...end.extra,
    ...told(end, lorekeep),
  });
  return {
    delta: (event) => ({ ...line(event), done: false, ...event.extra }),
    done: (event, lorekeep) => ended(nothing, event, lorekeep),
    whole: ended,
  };
}

/** Prints for `/api/generate`. */
export function completionPrinter(head: AnswerHead): AnswerPrinter {
  const calls = toolCallNumbers();
  const line = ({ text, thinking }: ModelDelta): object => ({
    ...started(head),
    response: text,
    ...thoughts(thinking),
  });
  const ended = (joined: ModelDelta, end: ModelDone, lorekeep?: DecisionReport): object => ({
    ...line(joined),
    done: true,
    done_reason: end.reason,
    ...(end.context === undefined ? {} : { context: end.context }),
    ...metrics(end),
    ...calls(joined.toolCalls),
    ...joined.extra,
    ...end.extra,
    ...told(end, lorekeep),
  });
  return {
    delta: (event) => ({ ...line(event), done: false, ...calls(event.toolCalls), ...event.extra }),
    done: (event, lorekeep) => ended(nothing, event, lorekeep),
    whole: ended,
  };
}

function started({ model, now }: AnswerHead): object {
  return { model, created_at: now().toISOString() };
}

function thoughts(thinking: string | undefined): object {
  return thinking === undefined || thinking === '' ? {} : { thinking };
}

/** Ollama leaves out what is empty or 0. */
function ifAny(fields: Readonly<Record<string, string | number | undefined>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => Boolean(value)));
}

function metrics({ times, promptTokens, outputTokens }: ModelDone): object {
  return ifAny({
    total_duration: times.totalNs,
    load_duration: times.loadNs,
    prompt_eval_count: promptTokens,
    prompt_eval_duration: times.promptNs,
    eval_count: outputTokens,
    eval_duration: times.outputNs,
  });
}

/**
 * Not Ollama's: what was decided, and the tokens that the model counted. What only shows at the end, such as a prompt that was cut, is told
 * to those who did not ask, too.
 */
function told({ notices = [], outputTokens }: ModelDone, decision: DecisionReport | undefined): object {
  if (decision === undefined) return notices.length === 0 ? {} : { lorekeep: { notices } };
  return { lorekeep: { ...decision, notices: [...decision.notices, ...notices], outputTokens } };
}

/** Numbers calls through all pieces of an answer: some models give each the index 0, and clients then join them. */
function toolCallNumbers(): (calls: readonly ToolCall[] | undefined) => object {
  let index = 0;
  return (calls) => {
    if (calls === undefined || calls.length === 0) return {};
    const printed = calls.map(({ id, name, arguments: values }) => ({
      ...ifAny({ id }),
      function: { index: index++, name, arguments: values },
    }));
    return { tool_calls: printed };
  };
}
