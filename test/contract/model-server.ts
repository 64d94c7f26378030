import { beforeAll, describe, expect, test } from 'vitest';
import { toServiceError } from '../../src/core/errors.ts';
import type { ModelDelta, ModelDone, ModelEvent, ModelServer } from '../../src/core/gateway/model-server.ts';

/** A server that runs, and what it can be asked for. */
export interface ServedModels {
  readonly server: ModelServer;
  /** Writes text, at least 30 tokens when nothing ends it. */
  readonly writer: string;
  /** Makes vectors; null where the server has none of the kind. */
  readonly embedder: string | null;
  /** A name that it has nothing for; null for a server that answers to every name. */
  readonly missing: string | null;
}

/** An answer, taken apart. */
export interface Collected {
  readonly deltas: readonly ModelDelta[];
  readonly text: string;
  readonly done: ModelDone;
}

/** Reads an answer to its end. Throws when it does not end in exactly one `done`. */
export async function collect(events: AsyncIterable<ModelEvent>): Promise<Collected> {
  const all: ModelEvent[] = [];
  for await (const event of events) all.push(event);
  const done = all.at(-1);
  const deltas = all.slice(0, -1).filter((event) => event.type === 'delta');
  if (done?.type !== 'done' || deltas.length !== all.length - 1) throw new Error(`Not one end: ${JSON.stringify(all)}`);
  return { deltas, text: deltas.map(({ text }) => text).join(''), done };
}

/** The code that a call fails with; null when it does not fail. */
export async function failureOf(call: () => AsyncIterable<ModelEvent> | Promise<unknown>): Promise<string | null> {
  try {
    const running = call();
    await (Symbol.asyncIterator in running ? collect(running) : running);
    return null;
  } catch (error) {
    return toServiceError(error).code;
  }
}

const question = [{ role: 'user', content: 'Count from one to a hundred in words.' }] as const;
const few = { num_predict: 6, temperature: 0, seed: 1 };
const many = { num_predict: 400, temperature: 0, seed: 1 };

/** What every ModelServer must do, whatever runs behind it. */
export function modelServerContract(name: string, open: () => Promise<ServedModels>): void {
  describe(`${name} as a ModelServer`, () => {
    let served: ServedModels;
    beforeAll(async () => {
      served = await open();
    });
    const chat = (options: object, signal?: AbortSignal): AsyncIterable<ModelEvent> =>
      served.server.chat({ model: served.writer, messages: question, options: { ...options } }, signal);

    test('describes a model, and lists it under the same name', async () => {
      const info = await served.server.describe(served.writer);
      expect(info.name).toBe(served.writer);
      expect(info.contextTokens).toBeGreaterThan(0);
      expect(info.windowTokens).toBeGreaterThan(0);
      expect(info.windowTokens).toBeLessThanOrEqual(info.contextTokens);
      expect(info.capabilities).toContain('completion');
      expect(new Date(info.modifiedAt).toISOString()).toBe(info.modifiedAt);
      expect(await served.server.describe(served.writer)).toEqual(info);
      expect((await served.server.models()).map((model) => model.name)).toContain(served.writer);
    });

    test('a model that is not there is missing', async (context) => {
      const { server } = served;
      const missing = served.missing ?? '';
      context.skip(missing === '', 'answers to every name');
      expect(await failureOf(() => server.describe(missing))).toBe('model_missing');
      const call = { model: missing, messages: question, options: few };
      expect(await failureOf(() => server.chat(call))).toBe('model_missing');
    });

    test('counts tokens, more for more text', async () => {
      const counter = await served.server.tokenCounter(served.writer);
      expect(counter.count('')).toBe(0);
      expect(counter.count('const total = sum(values);')).toBeGreaterThan(counter.count('const'));
    });

    test('an answer comes in pieces and ends once, with its counts', async () => {
      const { deltas, text, done } = await collect(chat(few));
      expect(deltas.length).toBeGreaterThan(1);
      expect(text).not.toBe('');
      expect(done).toMatchObject({ reason: 'length' });
      expect(done.promptTokens).toBeGreaterThan(5);
      expect(done.outputTokens).toBeGreaterThan(0);
      expect(done.outputTokens).toBeLessThanOrEqual(7);
    });

    test('a text that ends an answer ends it, and is not part of it', async () => {
      const { text } = await collect(chat(few));
      const stop = text.trim().split(/\s+/).at(1) ?? '';
      expect(stop).not.toBe('');
      const stopped = await collect(chat({ ...few, stop: [stop] }));
      expect(stopped.text).not.toContain(stop);
      expect(stopped.done.reason).toBe('stop');
    });

    test('a prompt without a template is gone on with', async () => {
      const call = { model: served.writer, prompt: 'one two three four', raw: true, options: few };
      const { text, done } = await collect(served.server.complete(call));
      expect(text).not.toBe('');
      expect(done.promptTokens).toBeGreaterThan(0);
    });

    test('a prompt with a template is answered', async () => {
      const call = { model: served.writer, prompt: question[0].content, system: 'Be brief.', options: few };
      expect((await collect(served.server.complete(call))).text).not.toBe('');
    });

    test('an answer follows a schema', async () => {
      const format = { type: 'object', properties: { even: { type: 'boolean' } }, required: ['even'] };
      const call = { model: served.writer, messages: question, options: { ...few, num_predict: 60 }, format };
      const { text } = await collect(served.server.chat(call));
      expect(JSON.parse(text)).toEqual({ even: expect.any(Boolean) });
    });

    test('a call without a message says that the model is there', async () => {
      const call = { model: served.writer, messages: [], options: {} };
      expect(await collect(served.server.chat(call))).toMatchObject({ text: '', done: { reason: 'load' } });
    });

    test('a call that is stopped before it begins, or in the middle, fails as such', async () => {
      const stopped = AbortSignal.abort();
      expect(await failureOf(() => chat(few, stopped))).toBe('aborted');
      const stop = new AbortController();
      const stopAtFirst = async (): Promise<void> => {
        for await (const event of chat(many, stop.signal)) if (event.type === 'delta') stop.abort();
      };
      expect(await failureOf(stopAtFirst)).toBe('aborted');
    });

    test('who leaves in the middle leaves nothing behind', async () => {
      for await (const event of chat(many)) if (event.type === 'delta') break;
      expect((await collect(chat(few))).text).not.toBe('');
    });

    test('calls at once all end', async () => {
      const answers = await Promise.all([1, 2, 3].map(() => collect(chat(few))));
      expect(answers.map(({ done }) => done.reason)).toEqual(['length', 'length', 'length']);
    });

    test('vectors have length 1, one for each text, in order', async (context) => {
      const { server } = served;
      const model = served.embedder ?? '';
      context.skip(model === '', 'has no model for vectors');
      const inputs = ['open the file', 'sort numbers quickly', 'open the file'];
      const { vectors, promptTokens } = await server.embed({ model, inputs });
      expect(vectors).toHaveLength(3);
      for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
      const cosine = (left: readonly number[] = [], right: readonly number[] = []): number =>
        left.reduce((sum, value, place) => sum + value * (right[place] ?? 0), 0);
      expect(cosine(vectors[0], vectors[2])).toBeGreaterThan(0.999);
      expect(cosine(vectors[0], vectors[1])).toBeLessThan(0.999);
      expect(promptTokens).toBeGreaterThan(3);
      expect(await server.embed({ model, inputs: [] })).toMatchObject({ vectors: [] });
      const short = await server.embed({ model, inputs: inputs.slice(0, 1), dimensions: 16 });
      expect(short.vectors[0]).toHaveLength(16);
      expect(Math.hypot(...(short.vectors[0] ?? []))).toBeCloseTo(1, 3);
      expect(await failureOf(() => server.embed({ model, inputs }, AbortSignal.abort()))).toBe('aborted');
    });
  });
}
