import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../../indexer/chunk/signature.ts';

describe('signatureOf', () => {
  it('takes the head up to the body on one line', () => {
    const text = 'async function find(\n  name: string,\n): Promise<void> {\n  body();\n}';
    const bodyStart = text.indexOf('{\n  body');
    expect(signatureOf(text, { start: 0, end: text.length, bodyStart })).toBe(
      'async function find( name: string, ): Promise<void>',
    );
  });

  it('takes the first line of a definition without a body', () => {
    const text = 'const table = [\n  1,\n];';
    expect(signatureOf(text, { start: 0, end: text.length, bodyStart: text.length })).toBe('const table = [');
  });

  it('cuts at 200 characters, never inside a surrogate pair', () => {
    const text = `f${'x'.repeat(198)}𝒳 tail`;
    const signature = signatureOf(text, { start: 0, end: text.length, bodyStart: text.length });
    expect(signature).toBe(`f${'x'.repeat(198)}`);
    const spaced = `${'x'.repeat(199)} tail`;
    expect(signatureOf(spaced, { start: 0, end: spaced.length, bodyStart: spaced.length })).toBe('x'.repeat(199));
  });
});
