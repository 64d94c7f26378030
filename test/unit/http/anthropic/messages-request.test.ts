import { expect, test } from 'vitest';
import { messagesBody, messagesWish } from '../../../../src/http/anthropic/messages-request.ts';
import type { ChatWish } from '../../../../src/http/v1/open-chat.ts';

const lorekeep = { projects: [], retrieve: 'auto', files: [], citations: false } as const;
const user = { role: 'user', content: 'Hello' };

function wishOf(fields: object): ChatWish {
  return messagesWish(messagesBody.parse({ model: 'm', max_tokens: 64, messages: [user], ...fields }), lorekeep);
}

test('system and options go where the gateway has them', () => {
  const { call } = wishOf({
    system: [
      { type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Be kind.' },
    ],
    temperature: 0.2,
    top_k: 4,
    stop_sequences: ['END'],
    metadata: { user_id: 'u' },
  });
  expect(call).toEqual({
    model: 'm',
    messages: [{ role: 'system', content: 'Be short.\nBe kind.' }, user],
    options: { num_predict: 64, temperature: 0.2, top_k: 4, stop: ['END'] },
  });
});

test('blocks of a turn become messages in their order', () => {
  const messages = [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: '' },
        { type: 'redacted_thinking', data: 'x' },
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 't1', name: 'list', input: { path: 'src' } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'no such folder' }], is_error: true },
        { type: 'text', text: 'Go on.' },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'notes' } },
      ],
    },
  ];
  expect(wishOf({ messages }).call.messages).toEqual([
    { role: 'user', content: 'What is this?', images: ['QUJD'] },
    {
      role: 'assistant',
      content: 'I look.',
      thinking: 'Hm.',
      toolCalls: [{ id: 't1', name: 'list', arguments: { path: 'src' } }],
    },
    { role: 'tool', content: 'Error: no such folder', toolName: 'list', toolCallId: 't1' },
    { role: 'user', content: 'Go on.\nnotes' },
  ]);
});

test.each([
  [undefined, { mode: 'auto', only: null }],
  [{ type: 'auto' }, { mode: 'auto', only: null }],
  [{ type: 'none' }, { mode: 'none', only: null }],
  [{ type: 'any' }, { mode: 'required', only: null }],
  [
    { type: 'tool', name: 'list' },
    { mode: 'required', only: ['list'] },
  ],
])('a choice of tools: %j', (choice, expected) => {
  expect(wishOf({ tool_choice: choice }).choice).toEqual(expected);
});

test.each([
  [{}, undefined],
  [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, true],
  [{ thinking: { type: 'adaptive' }, output_config: { effort: 'low' } }, 'low'],
  [{ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, 'high'],
  [{ thinking: { type: 'disabled' } }, false],
])('how much to think: %j', (fields, think) => {
  expect(wishOf(fields).call.think).toBe(think);
});

test('a format of the answer, and one call at a time', () => {
  const schema = { type: 'object' };
  const wish = wishOf({
    output_config: { format: { type: 'json_schema', schema } },
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  });
  expect(wish.call.format).toEqual(schema);
  expect(wish.oneCall).toBe(true);
});

test.each([
  [
    { messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'base64', data: 'x' } }] }] },
    '"base64"',
  ],
  [{ messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'x' } }] }] }, '"url"'],
  [{ messages: [{ role: 'assistant', content: [{ type: 'tool_use', name: 'f' }] }] }, '"id" and "name"'],
  [{ mcp_servers: [{ type: 'url', url: 'https://a.example' }] }, '"mcp_servers" is not supported'],
])('what no model here takes is refused: %j', (fields, message) => {
  expect(() => wishOf(fields)).toThrow(message);
});
