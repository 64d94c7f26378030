import { z } from 'zod';
import { freeChoice } from '../v1/function-tools.ts';
import type { ToolChoice } from '../v1/function-tools.ts';

export const effortField = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish();

/** How much to think, in Ollama's words. */
export function thinkOf(effort: z.infer<typeof effortField>): boolean | string | undefined {
  if (effort === null || effort === undefined) return undefined;
  if (effort === 'none') return false;
  if (effort === 'minimal') return 'low';
  return effort === 'xhigh' || effort === 'max' ? 'high' : effort;
}

const named = { name: z.string().optional(), function: z.looseObject({ name: z.string() }).optional() };
const allowed = { mode: z.enum(['auto', 'required']).optional(), tools: z.array(z.looseObject(named)).optional() };

/** `tool_choice` of both of OpenAI's protocols: a word, a function (nested or flat), or a list of allowed ones (nested or flat). */
export const toolChoiceField = z
  .union([
    z.enum(['none', 'auto', 'required']),
    z.looseObject({
      type: z.enum(['function', 'allowed_tools']),
      ...named,
      ...allowed,
      allowed_tools: z.looseObject(allowed).optional(),
    }),
  ])
  .nullish();

export function toolChoice(field: z.infer<typeof toolChoiceField>): ToolChoice {
  if (field === null || field === undefined) return freeChoice;
  if (typeof field === 'string') return { mode: field, only: null };
  if (field.type === 'function') return { mode: 'required', only: namesOf([field]) };
  const { mode = 'auto', tools = [] } = field.allowed_tools ?? field;
  return { mode, only: namesOf(tools) };
}

function namesOf(tools: readonly { name?: string | undefined; function?: { name: string } | undefined }[]): string[] {
  return tools.map((tool) => tool.function?.name ?? tool.name ?? '');
}
