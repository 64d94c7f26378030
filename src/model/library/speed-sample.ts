import type { SpeedRequest, SpeedSample } from '../../core/gateway/model-library.ts';
import type { ModelServer } from '../../core/gateway/model-server.ts';

const perMillisecond = 1_000_000;

/** Has a model read a prompt and write an answer, and says how long each took. Errors as for a chat. */
export async function sampleSpeed(
  server: Pick<ModelServer, 'chat'>,
  { model, prompt, outputTokens }: SpeedRequest,
  signal: AbortSignal,
): Promise<SpeedSample> {
  const startedAt = performance.now();
  let firstTokenMs: number | null = null;
  let sample = { promptTokens: 0, outputTokens: 0, loadMs: 0, promptMs: 0, outputMs: 0 };
  const options = { num_predict: outputTokens, temperature: 0 };
  const call = { model, messages: [{ role: 'user' as const, content: prompt }], options };
  for await (const event of server.chat(call, signal)) {
    firstTokenMs ??= performance.now() - startedAt;
    if (event.type !== 'done') continue;
    const { times } = event;
    sample = {
      promptTokens: event.promptTokens,
      outputTokens: event.outputTokens,
      loadMs: times.loadNs / perMillisecond,
      promptMs: times.promptNs / perMillisecond,
      outputMs: times.outputNs / perMillisecond,
    };
  }
  return { ...sample, firstTokenMs: firstTokenMs ?? 0 };
}
