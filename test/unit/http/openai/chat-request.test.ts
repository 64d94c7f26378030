import { expect, test } from 'vitest';
import { chatBody, chatWish } from '../../../../src/http/openai/chat-request.ts';
import type { ChatWish } from '../../../../src/http/v1/open-chat.ts';

const lorekeep = { projects: [], retrieve: 'auto', files: [], citations: false } as const;
const user = { role: 'user', content: 'Hello' };

function wishOf(fields: object): ChatWish {
  return chatWish(chatBody.parse({ model: 'm', messages: [user], ...fields }), lorekeep);
}

test('only what was given is an option, so that the defaults of the model hold', () => {
  expect(wishOf({}).call).toEqual({ model: 'm', messages: [user], options: {} });
  expect(wishOf({ temperature: null, stop: null, tools: null, seed: null }).call.options).toEqual({});
});

test('sampling and length go under the names that the model servers know', () => {
  const { call } = wishOf({
    temperature: 0,
    top_p: 0.5,
    seed: 7,
    stop: 'END',
    frequency_penalty: 1,
    presence_penalty: -1,
    max_tokens: 9,
    top_k: 3,
  });
  expect(call.options).toEqual({
    temperature: 0,
    top_p: 0.5,
    seed: 7,
    stop: ['END'],
    frequency_penalty: 1,
    presence_penalty: -1,
    num_predict: 9,
    top_k: 3,
  });
  expect(wishOf({ max_tokens: 9, max_completion_tokens: 5, stop: ['a', 'b'] }).call.options).toEqual({
    num_predict: 5,
    stop: ['a', 'b'],
  });
});

test('the parts of a message are one message, images beside it', () => {
  const content = [
    { type: 'text', text: 'What is' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
    { type: 'text', text: 'this?' },
  ];
  expect(wishOf({ messages: [{ role: 'user', content }] }).call.messages).toEqual([
    { role: 'user', content: 'What is\nthis?', images: ['QUJD'] },
  ]);
});

test('developers speak as the system', () => {
  const messages = [{ role: 'developer', content: 'Be short.' }, user];
  expect(wishOf({ messages }).call.messages[0]).toEqual({ role: 'system', content: 'Be short.' });
});

test('calls and their results keep name and id', () => {
  const called = { id: 'call_1', type: 'function', function: { name: 'list', arguments: '{"path":"src"}' } };
  const messages = [
    user,
    { role: 'assistant', content: null, tool_calls: [called], reasoning_content: 'Hm.' },
    { role: 'tool', tool_call_id: 'call_1', content: 'a.ts' },
  ];
  expect(wishOf({ messages }).call.messages.slice(1)).toEqual([
    {
      role: 'assistant',
      content: '',
      thinking: 'Hm.',
      toolCalls: [{ id: 'call_1', name: 'list', arguments: { path: 'src' } }],
    },
    { role: 'tool', content: 'a.ts', toolName: 'list', toolCallId: 'call_1' },
  ]);
});

test.each([
  [{ type: 'text' }, undefined],
  [{ type: 'json_object' }, 'json'],
  [{ type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } }, { type: 'object' }],
])('a format of the answer: %j', (responseFormat, format) => {
  expect(wishOf({ response_format: responseFormat }).call.format).toEqual(format);
});

test.each([
  [{ reasoning_effort: 'none' }, false],
  [{ reasoning_effort: 'minimal' }, 'low'],
  [{ reasoning: { effort: 'medium' } }, 'medium'],
  [{ reasoning_effort: 'xhigh' }, 'high'],
  [{}, undefined],
])('how much to think: %j', (fields, think) => {
  expect(wishOf(fields).call.think).toBe(think);
});

test.each([
  [undefined, { mode: 'auto', only: null }],
  ['none', { mode: 'none', only: null }],
  ['required', { mode: 'required', only: null }],
  [
    { type: 'function', function: { name: 'list' } },
    { mode: 'required', only: ['list'] },
  ],
  [
    { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'a' } }] } },
    { mode: 'auto', only: ['a'] },
  ],
])('a choice of tools: %j', (choice, expected) => {
  expect(wishOf({ tool_choice: choice }).choice).toEqual(expected);
});

test('one call at a time, and the odds of words', () => {
  expect(wishOf({ parallel_tool_calls: false }).oneCall).toBe(true);
  expect(wishOf({ logprobs: true, top_logprobs: 2 }).call.extra).toEqual({ logprobs: true, top_logprobs: 2 });
});

test('what changes nothing here is read over', () => {
  const harmless = { user: 'u', store: true, metadata: { a: 'b' }, n: 1, logit_bias: {}, service_tier: 'auto' };
  expect(wishOf(harmless).call).toEqual(wishOf({}).call);
});

test.each([
  [{ n: 2 }, '"n" must be 1'],
  [{ logit_bias: { 50256: -100 } }, '"logit_bias" is not supported'],
  [{ functions: [{ name: 'f' }] }, '"functions" is not supported'],
  [{ web_search_options: {} }, '"web_search_options" is not supported'],
  [{ messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] }, 'type "input_audio"'],
  [
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }] }] },
    'no other URL is fetched',
  ],
  [
    { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a' } }] }] },
    'arguments of the call of "f"',
  ],
])('what would change the answer and cannot be honoured is refused: %j', (fields, message) => {
  expect(() => wishOf(fields)).toThrow(message);
});
