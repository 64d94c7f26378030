import type { SpeedRequest, SpeedSample } from '../../core/gateway/model-library.ts';
import { streamChat } from '../ollama/ollama-chat.ts';
import type { ChatReach } from '../ollama/ollama-chat.ts';

const perMillisecond = 1_000_000;

/** Has a model read a prompt and write an answer, and says how long each took. Errors as for a chat. */
export async function sampleSpeed(reach: ChatReach, request: SpeedRequest, signal: AbortSignal): Promise<SpeedSample> {
  const { model, prompt, outputTokens } = request;
  const startedAt = performance.now();
  let firstTokenMs: number | null = null;
  const sample = { promptTokens: 0, outputTokens: 0, loadMs: 0, promptMs: 0, outputMs: 0 };
  const call = {
    model,
    messages: [{ role: 'user', content: prompt }],
    options: { num_predict: outputTokens, temperature: 0 },
  };
  for await (const piece of streamChat(reach, call, signal)) {
    firstTokenMs ??= performance.now() - startedAt;
    if (!piece.done) continue;
    // What is 0 the server leaves out, against the library's types.
    const counts: Partial<typeof piece> = piece;
    sample.promptTokens = counts.prompt_eval_count ?? 0;
    sample.outputTokens = counts.eval_count ?? 0;
    sample.loadMs = (counts.load_duration ?? 0) / perMillisecond;
    sample.promptMs = (counts.prompt_eval_duration ?? 0) / perMillisecond;
    sample.outputMs = (counts.eval_duration ?? 0) / perMillisecond;
  }
  return { ...sample, firstTokenMs: firstTokenMs ?? 0 };
}
