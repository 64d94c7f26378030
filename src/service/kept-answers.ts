import { join } from 'node:path';
import { answerKey } from '../cache/answer-key.ts';
import { SharedAnswers } from '../cache/shared-answers.ts';
import type { Config } from '../config-options.ts';
import type { AnswerCache, AnswerStore } from '../core/gateway/answer-cache.ts';
import type { ModelEvent, ModelServer } from '../core/gateway/model-server.ts';
import { SqliteAnswerStore } from '../store/cache/answer-store.ts';

/** Said of an answer that no model was asked for. */
const keptNotice =
  'This answer was given before to the same question on the same code. --no-cache asks the model again.';

/** The answers on disk; null where the configuration wants none. */
export function openAnswerStore(
  { dataFolder, answerCacheBytes }: Config,
  report: (problem: string) => void,
): AnswerStore | null {
  if (answerCacheBytes === 0) return null;
  const path = join(dataFolder, 'answers.sqlite');
  return new SqliteAnswerStore({ path, maxBytes: answerCacheBytes, now: () => Date.now(), report });
}

/** Answers that are kept, and generations that identical requests share. */
export function answerCache(store: AnswerStore | null): AnswerCache {
  const shared = new SharedAnswers({ store, now: () => Date.now() });
  return {
    key: (dependencies) => answerKey(dependencies, Date.now()),
    answer: ({ key, isWanted }, generate, signal) =>
      isWanted
        ? shared.answer({ key, use: true, keep: true }, generate, signal)
        : { verdict: 'off', events: generate(signal) },
  };
}

/** A model server that gives the answer it gave before where everything that it depends on is the same. */
export function keepingServer(server: ModelServer, cache: AnswerCache, projects: readonly string[]): ModelServer {
  return {
    ...server,
    models: (signal) => server.models(signal),
    describe: (model, signal) => server.describe(model, signal),
    tokenCounter: (model, signal) => server.tokenCounter(model, signal),
    complete: (call, signal) => server.complete(call, signal),
    embed: (call, signal) => server.embed(call, signal),
    async *chat(call, signal = new AbortController().signal): AsyncGenerator<ModelEvent> {
      const model = await server.describe(call.model, signal);
      // The prompt holds the texts of the evidence and the rules, so their content is in the key.
      const parts = { promptVersion: 'ask', scope: null, projects, model, call, route: null, evidence: [] };
      const use = { key: cache.key(parts), isWanted: true };
      const { verdict, events } = cache.answer(use, (stop) => server.chat(call, stop), signal);
      for await (const event of events)
        yield event.type === 'done' && verdict === 'hit' ? { ...event, notices: [keptNotice] } : event;
    },
  };
}
