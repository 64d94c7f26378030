import type { RequestContext } from '../../core/gateway/exchange.ts';
import type { Gateway } from '../../verbs/gateway/gateway.ts';

/** What a model can be asked for, and a sentence for what it cannot. */
export interface UsableThink {
  readonly think?: boolean | string;
  readonly notices: readonly string[];
}

/** The only models that think more or less; the others think or do not. */
const gradedFamilies = new Set(['gptoss', 'gpt-oss']);

/**
 * Fits a wish for thoughts to the model: many clients send one to every model, and a server refuses what its model cannot do.
 * Errors: those of `describe`.
 */
export async function usableThink(
  gateway: Gateway,
  { model, think }: { readonly model: string; readonly think: boolean | string | undefined },
  context: RequestContext,
): Promise<UsableThink> {
  if (think === undefined) return { notices: [] };
  const { capabilities, family } = await gateway.describe(model, context);
  if (!capabilities.includes('thinking')) {
    return { notices: think === false ? [] : [`${model} does not think: the wish for it was left out.`] };
  }
  return { think: typeof think === 'string' && !gradedFamilies.has(family) ? true : think, notices: [] };
}
