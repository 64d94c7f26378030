import { describe, expect, it } from 'vitest';
import { embedText } from '../../../indexer/embed/embed-text.ts';

describe('embedText', () => {
  it('is what encloses a chunk and the chunk itself', () => {
    expect(embedText({ context: 'class A\nrun()', text: '  go();\n  stop();\n' })).toBe(
      'class A\nrun()\ngo();\n  stop();',
    );
    expect(embedText({ context: '', text: '\n\n x\n' })).toBe('x');
    expect(embedText({ context: '', text: '' })).toBe('');
  });

  it('is the same whatever blanks, line ends and blank lines a formatter leaves', () => {
    const plain = { context: '', text: 'a = 1\n\nb = 2\n    c = 3' };
    expect(embedText({ context: '', text: 'a = 1  \r\n\t\r\n\r\n\r\nb = 2\r\n    c = 3\r\n\r\n' })).toBe(
      embedText(plain),
    );
    expect(embedText({ context: '', text: 'a = 1\nb = 2\n    c = 3' })).not.toBe(embedText(plain));
    expect(embedText({ context: '', text: 'a = 1\n\nb = 2\nc = 3' })).not.toBe(embedText(plain));
  });
});
