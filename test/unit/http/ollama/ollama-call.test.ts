import { describe, expect, it } from 'vitest';
import { chatCallOf, completionCallOf } from '../../../../src/http/ollama/ollama-call.ts';
import { chatBody, generateBody } from '../../../../src/http/ollama/request-schemas.ts';

const chat = (body: object) => chatCallOf(chatBody.parse(body));
const complete = (body: object) => completionCallOf(generateBody.parse(body));

describe('bodies of Ollama clients', () => {
  it('may hold null or the empty text for what is not set', () => {
    const unset = { format: '', tools: null, think: null, keep_alive: null, options: null, stream: null };
    expect(chat({ model: 'm', messages: [{ role: 'user', content: null }, { content: 'x' }], ...unset })).toEqual({
      model: 'm',
      options: {},
      messages: [
        { role: 'user', content: '' },
        { role: 'user', content: 'x' },
      ],
    });
    const nothing = { prompt: null, suffix: '', system: '', template: null, context: null, raw: false, images: [] };
    expect(complete({ model: 'm', ...nothing })).toEqual({ model: 'm', options: {}, prompt: '' });
  });

  it('name roles in any case, and a developer for the system', () => {
    const roles = ['System', 'developer', 'USER', 'assistant', 'tool'];
    const messages = roles.map((role) => ({ role, content: '' }));
    expect(chat({ model: 'm', messages }).messages.map(({ role }) => role)).toEqual([
      'system',
      'system',
      'user',
      'assistant',
      'tool',
    ]);
  });

  it('get the same ids for the same tool calls each time', () => {
    const messages = [
      { role: 'user', content: 'a' },
      {
        role: 'assistant',
        tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }, { id: 'own', function: { name: 'g' } }],
      },
      { role: 'tool', content: 'b', tool_name: 'f', tool_call_id: 'own' },
    ];
    const [, assistant, tool] = chat({ model: 'm', messages }).messages;
    expect(assistant?.toolCalls).toEqual([
      { id: 'call_1_0', name: 'f', arguments: { a: 1 } },
      { id: 'own', name: 'g', arguments: {} },
    ]);
    expect(tool).toEqual({ role: 'tool', content: 'b', toolName: 'f', toolCallId: 'own' });
  });

  it('keep tools as they are, with all that describes them', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: { $defs: {}, required: ['a'] } }, more: 1 }];
    expect(chat({ model: 'm', messages: [], tools })).toMatchObject({ tools });
  });

  it.each(['5m', '1h30m', '1.5h', '-1s', '0', '300ms', '2us'])('keep the duration %s', (duration) => {
    expect(complete({ model: 'm', keep_alive: duration })).toMatchObject({ keepAlive: duration });
  });

  it('cannot say the same field twice in another case, which Ollama would believe', () => {
    const call = complete({ model: 'a', MODEL: 'b', Prompt: 'c', '\u212aeep_alive': 0, 'option\u017f': { seed: 1 } });
    expect(call).toEqual({ model: 'b', prompt: 'c', keepAlive: 0, options: { seed: 1 } });
  });
});
