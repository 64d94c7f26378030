import { expect, test } from 'vitest';
import { openaiMessages } from '../../../../src/model/openai/chat-messages.ts';

test('a turn with tools: calls as text, answers with the id of their call even where only a name was given', () => {
  const call = { id: 'c7', name: 'look', arguments: { path: 'a.ts' } };
  const messages = openaiMessages([
    { role: 'user', content: 'Look.' },
    { role: 'assistant', content: '', thinking: 'I look.', toolCalls: [call] },
    { role: 'tool', content: 'empty', toolName: 'look' },
    { role: 'tool', content: 'again', toolCallId: 'c8' },
  ]);
  expect(messages).toEqual([
    { role: 'user', content: 'Look.' },
    {
      role: 'assistant',
      content: '',
      reasoning_content: 'I look.',
      tool_calls: [{ id: 'c7', type: 'function', function: { name: 'look', arguments: '{"path":"a.ts"}' } }],
    },
    { role: 'tool', content: 'empty', tool_call_id: 'c7' },
    { role: 'tool', content: 'again', tool_call_id: 'c8' },
  ]);
});

test('images become data URLs of their kind', () => {
  const url = (text: string) => ({ type: 'image_url', image_url: { url: text } });
  expect(openaiMessages([{ role: 'user', content: 'What?', images: ['iVBORw0', '/9j/4AA', 'UklGRg'] }])).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What?' },
        url('data:image/png;base64,iVBORw0'),
        url('data:image/jpeg;base64,/9j/4AA'),
        url('data:image/webp;base64,UklGRg'),
      ],
    },
  ]);
});
