import { expect, test } from 'vitest';
import { ToolCallCollector } from '../../../../src/model/openai/tool-calls.ts';

function collect(...deltas: readonly object[]): ReturnType<ToolCallCollector['finish']> {
  const collector = new ToolCallCollector();
  for (const delta of deltas) collector.add([delta]);
  return collector.finish();
}

const paris = { id: 'c1', name: 'weather', arguments: { city: 'Paris' } };
const rome = { id: 'c2', name: 'weather', arguments: { city: 'Rome' } };

test('joins the pieces of calls that come in turn', () => {
  const { calls } = collect(
    { index: 0, id: 'c1', function: { name: 'weather', arguments: '' } },
    { index: 1, id: 'c2', function: { name: 'weather', arguments: '{"city"' } },
    { index: 0, function: { arguments: '{"city":"Par' } },
    { index: 1, function: { arguments: ':"Rome"}' } },
    { index: 0, function: { arguments: 'is"}' } },
  );
  expect(calls).toEqual([paris, rome]);
});

test('tells calls apart that all have the number 0', () => {
  const { calls } = collect(
    { index: 0, id: 'c1', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
    { index: 0, id: 'c2', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
  );
  expect(calls).toEqual([paris, rome]);
});

test('keeps the first id of a call whose pieces each have another', () => {
  const { calls } = collect(
    { index: 0, id: 'c1', function: { name: 'weather', arguments: '{"city":' } },
    { index: 0, id: 'x', function: { name: 'weather', arguments: '"Paris' } },
    { index: 0, id: 'y', function: { name: null, arguments: '"}' } },
  );
  expect(calls).toEqual([paris]);
});

test('takes whole calls, calls without arguments, and calls without an id', () => {
  const collector = new ToolCallCollector();
  collector.add([
    { id: 'c1', function: { name: 'weather', arguments: { city: 'Paris' } } },
    { function: { name: 'now', arguments: '' } },
  ]);
  collector.add(undefined);
  expect(collector.finish().calls).toEqual([paris, { id: 'call_1', name: 'now', arguments: {} }]);
});

test.each(['{"city":', '[1]', 'Paris', 'null'])('names a call whose arguments are no object: %s', (text) => {
  expect(collect({ index: 0, id: 'c', function: { name: 'weather', arguments: text } })).toEqual({
    calls: [],
    broken: ['weather'],
  });
});
