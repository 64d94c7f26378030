import type { ModelDone, ModelEvent, ModelServer } from '../core/gateway/model-server.ts';
import { LastPrompt } from './last-prompt.ts';
import type { PromptSpeed } from './prompt-speed.ts';
import { speedKey } from './prompt-speed.ts';

/** A model server that learns how fast each of its models reads a prompt. */
export function measuredServer(server: ModelServer, promptSpeed: PromptSpeed): ModelServer {
  const last = new Map<string, LastPrompt>();
  async function* measured(
    model: string,
    prompt: string,
    events: AsyncIterable<ModelEvent>,
  ): AsyncGenerator<ModelEvent> {
    const before = last.get(model) ?? new LastPrompt();
    last.set(model, before);
    const isCached = before.resembles(prompt);
    before.remember(prompt);
    for await (const event of events) {
      // Before it is passed on: many a reader leaves with the last event.
      if (event.type === 'done' && !isCached) await learn(model, event);
      yield event;
    }
  }
  /** What cannot be learnt costs no answer. */
  async function learn(model: string, { promptTokens, times }: ModelDone): Promise<void> {
    if (times.promptNs === 0) return;
    const info = await server.describe(model).catch(() => null);
    if (info !== null) await promptSpeed.record(speedKey(info), promptTokens, times.promptNs / 1e9);
  }
  return {
    models: (signal) => server.models(signal),
    describe: (model, signal) => server.describe(model, signal),
    tokenCounter: (model, signal) => server.tokenCounter(model, signal),
    embed: (call, signal) => server.embed(call, signal),
    chat: (call, signal) =>
      measured(call.model, call.messages.map(({ content }) => content).join('\n'), server.chat(call, signal)),
    complete: (call, signal) => measured(call.model, call.prompt, server.complete(call, signal)),
    ...(server.forward === undefined ? {} : { forward: server.forward.bind(server) }),
    ...(server.close === undefined ? {} : { close: server.close.bind(server) }),
  };
}
