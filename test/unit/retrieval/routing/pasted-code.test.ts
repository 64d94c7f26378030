import { describe, expect, it } from 'vitest';
import { codeMark, proseOf, takeApart } from '../../../../src/retrieval/routing/pasted-code.ts';

describe('takeApart', () => {
  it('puts a mark in the place of code between fences', () => {
    expect(takeApart('why?\n```js\nlet a\n```\nthanks')).toEqual({
      prose: `why?\n ${codeMark} \nthanks`,
      code: 'let a\n',
    });
    expect(takeApart('cut off ```js\nlet a')).toEqual({ prose: `cut off  ${codeMark} `, code: 'let a' });
    expect(takeApart('what does ```let a``` do').code).toBe('let a');
  });

  it.each([
    ['for (var i = 0; i < 5; i++) {\n  setTimeout(() => console.log(i), 0)\n}'],
    ['Error: boom\n    at take (src/limits.ts:12:9)\n    at run (src/main.ts:3:1)'],
    ['def add(a, b):\n    return a + b'],
    ['SELECT * FROM orders;'],
  ])('knows code below a question by itself: %s', (code) => {
    const read = takeApart(`what happens here\n${code}`);
    expect(read.prose).toContain(codeMark);
    expect(read.prose).not.toContain('=>');
    expect(read.code.length).toBeGreaterThan(0);
  });

  it.each([
    'first I log in\nthen I open the list\n- it is empty',
    'write to:\nDear team,\nwe release on Monday (finally).',
    'let me see where it starts',
    '先登录\n然后打开列表',
  ])('leaves prose alone: %s', (message) => {
    expect(takeApart(message)).toEqual({ prose: message, code: '' });
  });
});

describe('proseOf', () => {
  it('keeps the beginning and the end of a long message', () => {
    const prose = proseOf(`first ${'x '.repeat(50_000)} where is it last`);
    expect(prose.length).toBeLessThan(4100);
    expect(prose).toMatch(/^first .* last$/);
  });
});
