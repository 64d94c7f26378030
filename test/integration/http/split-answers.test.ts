import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doneOf } from '../../support/fake-gateway.ts';
import { v1App } from '../../support/v1-app.ts';

type Json = Record<string, unknown>;

/** Pieces of answers, among them what could end an event or a stream if it were not kept apart. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\n\n', 'data: [DONE]\n\n', '\r', '\u2028', '你好'),
);
const messages = [{ role: 'user', content: 'Where?' }];

/** The text that a client puts together, by protocol. */
const protocols: Readonly<
  Record<string, { readonly body: object; readonly textOf: (event: Json) => string | undefined }>
> = {
  '/v1/chat/completions': {
    body: { messages },
    textOf: ({ choices }) => (choices as { delta: Json }[])[0]?.delta['content'] as string | undefined,
  },
  '/v1/completions': {
    body: { prompt: 'Where?' },
    textOf: ({ choices }) => (choices as Json[])[0]?.['text'] as string | undefined,
  },
  '/v1/responses': {
    body: { input: 'Where?' },
    textOf: ({ type, delta }) => (type === 'response.output_text.delta' ? (delta as string) : ''),
  },
  '/v1/messages': {
    body: { messages },
    textOf: ({ delta }) => (delta as { text?: string } | undefined)?.text,
  },
};

test.each(Object.entries(protocols))('%s: however an answer is split, the client reads the same', async (path, one) => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (texts) => {
      const events = [...texts.map((text) => ({ type: 'delta', text }) as const), doneOf()];
      const reply = await v1App({ events }).post(path, { model: 'm', ...one.body, stream: true });
      const data = reply.events().filter((event) => event !== '[DONE]') as Json[];
      expect(data.map((event) => one.textOf(event) ?? '').join('')).toBe(texts.join(''));
    }),
    { numRuns: 40 },
  );
});
