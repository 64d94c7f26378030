import { describe, expect, it } from 'vitest';
import { AnswerLines } from '../../../../src/model/ollama/answer-line.ts';

function reader(): AnswerLines {
  let ids = 0;
  return new AnswerLines(() => String((ids += 1)));
}
const call = (name: string, more: object = {}) => ({ function: { name, arguments: { a: 1 } }, ...more });
const chat = (message: object, more: object = {}) => ({ model: 'm', created_at: 't', message, done: false, ...more });

describe('a line of an answer', () => {
  it('is one event, an empty one too', () => {
    expect(reader().read(chat({ role: 'assistant', content: 'Hi' }))).toEqual([{ type: 'delta', text: 'Hi' }]);
    expect(reader().read(chat({ role: 'assistant', content: '' }))).toEqual([{ type: 'delta', text: '' }]);
    expect(reader().read({ response: 'Hi', done: false })).toEqual([{ type: 'delta', text: 'Hi' }]);
  });

  it('keeps thoughts apart, of both kinds of answers', () => {
    const delta = { type: 'delta', text: '', thinking: 'Hm' };
    expect(reader().read(chat({ content: '', thinking: 'Hm' }))).toEqual([delta]);
    expect(reader().read({ response: '', thinking: 'Hm', done: false })).toEqual([delta]);
  });

  it('gives every tool call an id of its own, over all lines', () => {
    const lines = reader();
    const ids = [
      [call('f'), call('g')],
      [call('f', { id: 'x' }), call('f', { id: 'x' }), call('f', { id: 'y' })],
    ].flatMap((calls) =>
      lines
        .read(chat({ content: '', tool_calls: calls }))
        .flatMap((event) => (event.type === 'delta' ? event.toolCalls : [])),
    );
    expect(ids.map((one) => one?.id)).toEqual(['call_1', 'call_2', 'x', 'call_3', 'y']);
    expect(ids[1]).toEqual({ id: 'call_2', name: 'g', arguments: { a: 1 } });
  });

  it.each([
    ['{"a":1}', { a: 1 }],
    ['no json', {}],
    [undefined, {}],
  ])('reads arguments that are %j', (given, read) => {
    const toolCall = { function: { name: 'f', arguments: given } };
    expect(reader().read(chat({ content: '', tool_calls: [toolCall] }))).toMatchObject([
      { toolCalls: [{ arguments: read }] },
    ]);
  });

  it('passes on what nobody reads', () => {
    expect(reader().read(chat({ content: 'a' }, { logprobs: [1] }))).toEqual([
      { type: 'delta', text: 'a', extra: { logprobs: [1] } },
    ]);
  });

  it('ends with counts and times, 0 where nothing is said', () => {
    const counts = {
      total_duration: 4,
      load_duration: 1,
      prompt_eval_count: 5,
      prompt_eval_duration: 2,
      eval_count: 6,
    };
    const line = { response: '', done: true, done_reason: 'length', context: [1, 2], ...counts };
    expect(reader().read(line)).toEqual([
      {
        type: 'done',
        reason: 'length',
        promptTokens: 5,
        outputTokens: 6,
        times: { totalNs: 4, loadNs: 1, promptNs: 2, outputNs: 0 },
        context: [1, 2],
      },
    ]);
  });

  it('loses no text of a last line', () => {
    expect(reader().read(chat({ content: 'x' }, { done: true }))).toMatchObject([
      { type: 'delta', text: 'x' },
      { type: 'done', reason: 'stop' },
    ]);
  });
});
