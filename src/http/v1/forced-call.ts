import type { ChatMessage, ModelEvent, ToolCall } from '../../core/gateway/model-server.ts';
import type { FunctionTool } from './function-tools.ts';

/**
 * How a call is had from a model that cannot be made to call: its answer is bound to the JSON Schema of the arguments,
 * and is turned into the call when it is complete. So it works with models that know no tools, too.
 */
export interface ForcedCall {
  readonly format: object;
  /** What the model is told. */
  readonly instruction: string;
  /** Function that is called; null where the model chooses one of several. */
  readonly name: string | null;
}

/** Said in every answer that is made this way. */
export const forcedCallNotice = 'The call that "tool_choice" asks for was made by binding the answer to a JSON Schema.';

/** How one of these functions is called for sure. There must be one at least. */
export function forcedCall(tools: readonly FunctionTool[]): ForcedCall {
  const described = tools.map(describe).join('\n\n');
  const [first] = tools;
  if (tools.length === 1 && first !== undefined) {
    const instruction = `Call this function. Answer with its arguments as one JSON object and nothing else.\n\n${described}`;
    return { format: first.function.parameters, instruction, name: first.function.name };
  }
  const form = '{"name": "<function>", "arguments": {...}}';
  return {
    format: oneOf(tools),
    instruction: `Call one of these functions. Answer with one JSON object of the form ${form} and nothing else.\n\n${described}`,
    name: null,
  };
}

function describe({ function: { name, description, parameters } }: FunctionTool): string {
  const purpose = description === undefined ? '' : `\n${description}`;
  return `Function ${name}${purpose}\nArguments as JSON Schema: ${JSON.stringify(parameters)}`;
}

/** References of a schema start at its root, so the definitions of all functions move there. */
function oneOf(tools: readonly FunctionTool[]): object {
  const definitions: Record<string, unknown> = {};
  const choices = tools.map(({ function: { name, parameters } }) => {
    const { $defs, ...rest } = parameters;
    Object.assign(definitions, $defs);
    return {
      type: 'object',
      properties: { name: { const: name }, arguments: rest },
      required: ['name', 'arguments'],
      additionalProperties: false,
    };
  });
  return { anyOf: choices, ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }) };
}

/** The conversation with the instruction at the end of its first system message. */
export function withInstruction(messages: readonly ChatMessage[], { instruction }: ForcedCall): readonly ChatMessage[] {
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: instruction }, ...messages];
  return [{ ...first, content: `${first.content}\n\n${instruction}` }, ...rest];
}

/** Turns the answer into the call. An answer that is no call, for example since it was cut off, stays text. */
export async function* asForcedCall(
  events: AsyncIterable<ModelEvent>,
  { name }: ForcedCall,
  newId: () => string,
): AsyncGenerator<ModelEvent> {
  let text = '';
  for await (const event of events) {
    if (event.type === 'delta') {
      text += event.text;
      const { text: _, ...rest } = event;
      if (event.thinking !== undefined || event.toolCalls !== undefined) yield { ...rest, text: '' };
      continue;
    }
    const call = readCall(text, name);
    if (call !== null) yield { type: 'delta', text: '', toolCalls: [{ id: `call_${newId()}`, ...call }] };
    else if (text !== '') yield { type: 'delta', text };
    yield event;
  }
}

function readCall(text: string, name: string | null): Omit<ToolCall, 'id'> | null {
  const value = objectIn(text);
  if (value === null || name !== null) return value === null || name === null ? null : { name, arguments: value };
  const given = value['arguments'];
  if (typeof value['name'] !== 'string' || !isObject(given)) return null;
  return { name: value['name'], arguments: given };
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
