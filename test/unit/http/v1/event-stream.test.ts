import { expect, test } from 'vitest';
import { eventStream, eventText } from '../../../../src/http/v1/event-stream.ts';

const signs = {
  pulse: '.',
  pulseMs: 60_000,
  failure: (thrown: unknown) => `failed: ${(thrown as Error).message}`,
  close: async () => {},
};

test('an event has its name where the protocol has names', () => {
  expect(eventText({ a: 1 })).toBe('data: {"a":1}\n\n');
  expect(eventText('[DONE]')).toBe('data: [DONE]\n\n');
  expect(eventText({ a: 1 }, 'ping')).toBe('event: ping\ndata: {"a":1}\n\n');
});

test('pieces come in order, and the stream ends with the last', async () => {
  async function* pieces() {
    yield 'eins ';
    yield '二';
  }
  await expect(new Response(eventStream(pieces(), signs)).text()).resolves.toBe('eins 二');
});

test('signs of life come while nothing else does, and no piece is lost or doubled', async () => {
  const gate = Promise.withResolvers<void>();
  async function* pieces() {
    yield 'a';
    await gate.promise;
    yield 'b';
  }
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of eventStream(pieces(), { ...signs, pulseMs: 5 })) {
    text += decoder.decode(bytes);
    if (text.endsWith('a..')) gate.resolve();
  }
  expect(text).toMatch(/^a\.\.+b$/);
});

test('what fails is the last piece', async () => {
  async function* pieces() {
    yield 'a, ';
    throw new Error('gone');
  }
  await expect(new Response(eventStream(pieces(), signs)).text()).resolves.toBe('a, failed: gone');
});

test('a reader that goes away ends the pieces', async () => {
  const ended = Promise.withResolvers<string>();
  async function* pieces() {
    try {
      for (;;) yield 'more';
    } finally {
      ended.resolve('ended');
    }
  }
  const reader = eventStream(pieces(), signs).getReader();
  await reader.read();
  await reader.cancel();
  await expect(ended.promise).resolves.toBe('ended');
});
