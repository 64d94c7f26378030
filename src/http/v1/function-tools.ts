import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';

/** A function as the gateway takes it. */
export interface FunctionTool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}

/** What a request says of the calls it wants: whether, and of which functions; `only` is null for all. */
export interface ToolChoice {
  readonly mode: 'auto' | 'none' | 'required';
  readonly only: readonly string[] | null;
}

export const freeChoice: ToolChoice = { mode: 'auto', only: null };

const definition = {
  name: z.string().min(1).optional(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  input_schema: z.record(z.string(), z.unknown()).nullish(),
};

/** A tool in any of the three forms: nested (OpenAI's chat), flat (its responses), with `input_schema` (Anthropic's). */
export const toolFields = z
  .array(z.looseObject({ type: z.string().nullish(), function: z.looseObject(definition).nullish(), ...definition }))
  .nullish();

/** The functions of a request, and a sentence for tools that are none. */
export interface OfferedTools {
  readonly tools: readonly FunctionTool[];
  readonly notices: readonly string[];
}

/** Reads the tools of a request. Errors: `request_invalid` for a function without a name. */
export function functionTools(fields: z.infer<typeof toolFields>): OfferedTools {
  const all = fields ?? [];
  const functions = all.filter(isFunction);
  const others = all.filter((field) => !functions.includes(field)).map(({ type }) => String(type));
  const tools = functions.map((field, index): FunctionTool => {
    const { name, description, parameters, input_schema: schema } = field.function ?? field;
    if (name === undefined) throw new ServiceError('request_invalid', `The tool at "tools.${index}" has no name.`);
    const shape = parameters ?? schema ?? { type: 'object', properties: {} };
    return { type: 'function', function: { name, ...(description ? { description } : {}), parameters: shape } };
  });
  if (others.length === 0) return { tools, notices: [] };
  return {
    tools,
    notices: [`Only functions can be offered to the model; these tools are left out: ${others.join(', ')}.`],
  };
}

/** Anthropic calls a function `custom` or nothing; OpenAI calls something else `custom`, which has no schema. */
function isFunction({
  type,
  input_schema: schema,
}: {
  type?: string | null | undefined;
  input_schema?: unknown;
}): boolean {
  return type === undefined || type === null || type === 'function' || (type === 'custom' && Boolean(schema));
}

/** The tools that a choice leaves. Errors: `request_invalid` for a choice that nothing fits. */
export function chosenTools(tools: readonly FunctionTool[], { mode, only }: ToolChoice): readonly FunctionTool[] {
  if (mode === 'none') return [];
  const unknown = only?.filter((name) => !tools.some((tool) => tool.function.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new ServiceError('request_invalid', `"tool_choice" names "${unknown[0]}", which is not among the tools.`);
  }
  const chosen = only === null ? tools : tools.filter((tool) => only.includes(tool.function.name));
  if (mode === 'required' && chosen.length === 0) {
    throw new ServiceError('request_invalid', '"tool_choice" asks for a call, but the request has no function.');
  }
  return chosen;
}
