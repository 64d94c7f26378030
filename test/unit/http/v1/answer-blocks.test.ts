import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelEvent } from '../../../../src/core/gateway/model-server.ts';
import { BlockReader, wholeAnswer } from '../../../../src/http/v1/answer-blocks.ts';
import { doneOf } from '../../../support/fake-gateway.ts';

const call = { id: 'call_1', name: 'list', arguments: { path: 'src' } };

async function* played(events: readonly ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events;
}

test('blocks open, grow and close one after the other', () => {
  const reader = new BlockReader();
  const events: ModelEvent[] = [
    { type: 'delta', text: '', thinking: 'Hm' },
    { type: 'delta', text: '', thinking: '.' },
    { type: 'delta', text: 'See ' },
    { type: 'delta', text: 'here.', toolCalls: [call] },
    { type: 'delta', text: 'Then.' },
    doneOf(),
  ];
  const steps = events.flatMap((event) => reader.read(event));
  expect(steps.map((step) => [step.type, 'index' in step ? step.index : null])).toEqual([
    ['open', 0],
    ['piece', 0],
    ['piece', 0],
    ['close', 0],
    ['open', 1],
    ['piece', 1],
    ['piece', 1],
    ['close', 1],
    ['open', 2],
    ['close', 2],
    ['open', 3],
    ['piece', 3],
    ['close', 3],
    ['done', null],
  ]);
});

test('an answer without a last event is an error', async () => {
  await expect(wholeAnswer(played([{ type: 'delta', text: 'half' }]))).rejects.toThrow('ended before it was complete');
});

test('the blocks are the same however text and thoughts are split', async () => {
  const pieces = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pieces, pieces, async (thoughts, texts) => {
      const events: ModelEvent[] = [
        ...thoughts.map((thinking): ModelEvent => ({ type: 'delta', text: '', thinking })),
        ...texts.map((text): ModelEvent => ({ type: 'delta', text })),
        { type: 'delta', text: '', toolCalls: [call] },
        doneOf(),
      ];
      const { blocks, hasCalls } = await wholeAnswer(played(events));
      const expected = [
        { kind: 'thinking', text: thoughts.join('') },
        { kind: 'text', text: texts.join('') },
        { kind: 'tool', call },
      ];
      expect(blocks).toEqual(expected.filter((block) => block.text !== ''));
      expect(hasCalls).toBe(true);
    }),
  );
});
