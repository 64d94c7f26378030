import { expect, test } from 'vitest';
import type { ModelEvent } from '../../../../src/core/gateway/model-server.ts';
import { asForcedCall, forcedCall, withInstruction } from '../../../../src/http/v1/forced-call.ts';
import type { ForcedCall } from '../../../../src/http/v1/forced-call.ts';
import type { FunctionTool } from '../../../../src/http/v1/function-tools.ts';
import { doneOf } from '../../../support/fake-gateway.ts';

function toolOf(name: string, parameters: Record<string, unknown> = { type: 'object' }): FunctionTool {
  return { type: 'function', function: { name, description: `Does ${name}.`, parameters } };
}

const find = toolOf('find', {
  type: 'object',
  properties: { path: { type: 'string' } },
  $defs: { A: { type: 'null' } },
});
const list = toolOf('list', { type: 'object', $defs: { B: { type: 'string' } } });

async function eventsOf(texts: readonly string[], forced: ForcedCall): Promise<ModelEvent[]> {
  async function* played(): AsyncGenerator<ModelEvent> {
    yield { type: 'delta', text: '', thinking: 'Hm.' };
    for (const text of texts) yield { type: 'delta', text };
    yield doneOf();
  }
  const events: ModelEvent[] = [];
  for await (const event of asForcedCall(played(), forced, () => '7')) events.push(event);
  return events;
}

test('the answer is bound to the arguments of the only function', () => {
  const forced = forcedCall([find]);
  expect(forced.format).toEqual(find.function.parameters);
  expect(forced.instruction).toContain('Function find\nDoes find.');
});

test('of several functions one is chosen, and their definitions stand at the root, where references start', () => {
  const { format } = forcedCall([find, list]);
  expect(format).toMatchObject({
    anyOf: [
      { properties: { name: { const: 'find' }, arguments: { properties: { path: { type: 'string' } } } } },
      { properties: { name: { const: 'list' }, arguments: { type: 'object' } } },
    ],
    $defs: { A: { type: 'null' }, B: { type: 'string' } },
  });
});

test('the instruction ends the first system message, or is one', () => {
  const forced = forcedCall([list]);
  const user = { role: 'user', content: 'Go.' } as const;
  expect(withInstruction([user], forced)).toEqual([{ role: 'system', content: forced.instruction }, user]);
  const [system] = withInstruction([{ role: 'system', content: 'Be short.' }, user], forced);
  expect(system?.content).toBe(`Be short.\n\n${forced.instruction}`);
});

test('the complete answer becomes the call', async () => {
  const events = await eventsOf(['{"pa', 'th":"src"}'], forcedCall([find]));
  const toolCalls = [{ id: 'call_7', name: 'find', arguments: { path: 'src' } }];
  expect(events).toEqual([
    { type: 'delta', text: '', thinking: 'Hm.' },
    { type: 'delta', text: '', toolCalls },
    doneOf(),
  ]);
});

test('the model names the function where there are several', async () => {
  const events = await eventsOf(['{"name":"list","arguments":{}}'], forcedCall([find, list]));
  expect(events[1]).toMatchObject({ toolCalls: [{ name: 'list', arguments: {} }] });
});

test.each(['{"path":"sr', '[1]', '{"name":5}'])('an answer that is no call stays text: %s', async (text) => {
  const events = await eventsOf([text], forcedCall([find, list]));
  expect(events[1]).toEqual({ type: 'delta', text });
});
