import { expect, test } from 'vitest';
import { responsesBody, responsesWish } from '../../../../src/http/openai/responses/responses-request.ts';
import type { ChatWish } from '../../../../src/http/v1/open-chat.ts';

const lorekeep = { projects: [], retrieve: 'auto', files: [], citations: false } as const;

function wishOf(fields: object): ChatWish {
  return responsesWish(responsesBody.parse({ model: 'm', input: 'Hello', ...fields }), lorekeep);
}

test('a text is what the user says, behind the instructions', () => {
  const { call } = wishOf({ instructions: 'Be short.', max_output_tokens: 5, temperature: 0, store: true });
  expect(call).toEqual({
    model: 'm',
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Hello' },
    ],
    options: { num_predict: 5, temperature: 0 },
  });
});

test('items are a conversation: thoughts, text and calls of one turn are one message', () => {
  const input = [
    { role: 'developer', content: 'Be short.' },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'List src.' }] },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.', annotations: [] }] },
    { type: 'function_call', call_id: 'c1', name: 'list', arguments: '{"path":"src"}' },
    { type: 'function_call', call_id: 'c2', name: 'list', arguments: '' },
    { type: 'function_call_output', call_id: 'c1', output: 'a.ts' },
    { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'b.ts' }] },
  ];
  expect(wishOf({ input }).call.messages).toEqual([
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'List src.' },
    {
      role: 'assistant',
      content: 'I look.',
      thinking: 'Hm.',
      toolCalls: [
        { id: 'c1', name: 'list', arguments: { path: 'src' } },
        { id: 'c2', name: 'list', arguments: {} },
      ],
    },
    { role: 'tool', content: 'a.ts', toolName: 'list', toolCallId: 'c1' },
    { role: 'tool', content: 'b.ts', toolName: 'list', toolCallId: 'c2' },
  ]);
});

test('format, thoughts and tools have other places than in chat', () => {
  const schema = { type: 'object' };
  const wish = wishOf({
    text: { format: { type: 'json_schema', name: 'x', schema } },
    reasoning: { effort: 'low', summary: 'auto' },
    tools: [{ type: 'function', name: 'list', parameters: schema, strict: true }],
    tool_choice: { type: 'function', name: 'list' },
  });
  expect(wish.call).toMatchObject({ format: schema, think: 'low' });
  expect(wish.offered.tools).toEqual([{ type: 'function', function: { name: 'list', parameters: schema } }]);
  expect(wish.choice).toEqual({ mode: 'required', only: ['list'] });
});

test.each([
  [{ previous_response_id: 'resp_1' }, 'Responses are not kept here; send the whole conversation'],
  [{ conversation: 'conv_1' }, '"conversation" is not supported'],
  [{ background: true }, '"background" is not supported'],
  [{ input: [] }, '"input" must not be empty'],
  [{ input: [{ type: 'item_reference', id: 'x' }] }, 'type "item_reference"'],
  [{ input: [{ type: 'message', content: 'x' }] }, 'has no role'],
])('what needs more than this request says is refused: %j', (fields, message) => {
  expect(() => wishOf(fields)).toThrow(message);
});
