import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveEndpoint } from '../../../../src/model/allowed-host.ts';
import { EventParser, readEventStream } from '../../../../src/model/openai/event-stream.ts';
import type { StreamEvent } from '../../../../src/model/openai/event-stream.ts';

const endpoint = resolveEndpoint('http://127.0.0.1:1/v1', []);

async function* inTurn(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function read(pieces: readonly Uint8Array[]): Promise<readonly StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of readEventStream(inTurn(pieces), endpoint)) events.push(event);
  return events;
}

const stream = [
  '\uFEFF: a comment',
  'data: {"a":"é日🙂"}',
  '',
  ':',
  'id: 7',
  'retry: 10',
  'event: error',
  'data:one',
  'data: two',
  'data',
  '',
  '',
  'error: {"code":500}',
  '',
  'data: [DONE]',
];
const events = [
  { name: 'message', data: '{"a":"é日🙂"}' },
  { name: 'error', data: 'one\ntwo\n' },
  { name: 'error', data: '{"code":500}' },
  { name: 'message', data: '[DONE]' },
];

test.each(['\n', '\r\n', '\r'])(
  'reads events with any line end (%j), also a last one that is not closed',
  async (end) => {
    expect(await read([Buffer.from(stream.join(end))])).toEqual(events);
  },
);

test('reads the same events wherever the pieces begin and end', async () => {
  const bytes = Buffer.from(stream.join('\r\n'));
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(cuts, async (unsorted) => {
      const places = [0, ...unsorted.toSorted((left, right) => left - right), bytes.length];
      const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
      expect(await read(pieces)).toEqual(events);
    }),
    { numRuns: 200 },
  );
});

test('an event without an end is refused before it fills the memory', async () => {
  const piece = Buffer.from(`data: ${'x'.repeat(1_000_000)}\n`);
  await expect(read(Array.from({ length: 20 }, () => piece))).rejects.toMatchObject({ code: 'model_unavailable' });
});

test('an empty line alone is no event', () => {
  expect(new EventParser().push('\n\n:\n\nevent: x\n\n')).toEqual([]);
});
