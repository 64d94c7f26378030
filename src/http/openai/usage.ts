import type { DecisionReport } from '../../core/gateway/exchange.ts';
import type { ModelDone } from '../../core/gateway/model-server.ts';

/** Tokens of a request as chat and text completions count them. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** Servers that reuse a prompt may count none of it; then our own count is told. */
export function promptTokensOf(
  { promptTokens }: Pick<ModelDone, 'promptTokens'>,
  decision: DecisionReport | null,
): number {
  return promptTokens > 0 ? promptTokens : (decision?.promptTokens ?? 0);
}

export function usageOf(done: ModelDone, decision: DecisionReport | null): Usage {
  const prompt = promptTokensOf(done, decision);
  return { prompt_tokens: prompt, completion_tokens: done.outputTokens, total_tokens: prompt + done.outputTokens };
}

/** Why an answer ended. */
export function finishReason(done: ModelDone, hasCalls: boolean): 'stop' | 'length' | 'tool_calls' {
  if (hasCalls) return 'tool_calls';
  return done.reason === 'length' ? 'length' : 'stop';
}
