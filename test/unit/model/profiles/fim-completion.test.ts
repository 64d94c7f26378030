import { describe, expect, it } from 'vitest';
import { fimCompletion } from '../../../../src/model/profiles/fim-completion.ts';
import { fimStyles } from '../../../../src/model/profiles/fim-styles.ts';

const target = { fim: fimStyles.codeLlama, windowTokens: 4_096 };
const call = { model: 'codellama:7b', prompt: 'P', suffix: 'S', options: {} };

describe('a completion of a hole', () => {
  it('is raw, stops at the marks of the family and where the caller wants', () => {
    const made = fimCompletion({ ...call, options: { stop: '\n\n', seed: 1 }, keepAlive: '1m' }, target);
    expect(made).toEqual({
      call: {
        model: 'codellama:7b',
        prompt: '<PRE> P <SUF>S <MID>',
        raw: true,
        keepAlive: '1m',
        options: { seed: 1, stop: ['\n\n', '<PRE>', '<SUF>', '<MID>', '<EOT>'] },
      },
      notices: [],
    });
  });

  it('leaves the answer the room that was asked for', () => {
    const long = { ...call, prompt: 'word '.repeat(4_000), suffix: '' };
    const length = (num_predict: number): number =>
      fimCompletion({ ...long, options: { num_predict } }, target).call.prompt.length;
    expect(length(2_000)).toBeLessThan(length(100) * 0.6);
    expect(fimCompletion(long, target).notices).toEqual([expect.stringContaining('was cut')]);
  });

  it('shows code of the project', () => {
    const context = { snippets: [{ path: 'a.py', text: 'one' }], path: 'b.py' };
    expect(fimCompletion(call, target, context).call.prompt).toBe('<PRE> # Path: a.py\n# one\nP <SUF>S <MID>');
  });

  it.each([['system'], ['template']])('has no place for %s', (field) => {
    expect(() => fimCompletion({ ...call, [field]: 'text' }, target)).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringContaining(`"${field}"`) }),
    );
  });
});
