import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../../../src/model/builtin/model-file.ts';
import { StaticModel } from '../../../../src/model/builtin/static-model.ts';
import { Vocabulary } from '../../../../src/model/builtin/vocabulary.ts';

const file = readFileSync(new URL('../../../../src/model/builtin/embedding-model.bin', import.meta.url));
const memory = new SharedArrayBuffer(file.length);
new Uint8Array(memory).set(file);
const dot = (left: Float32Array, right: Float32Array) => left.reduce((sum, value, i) => sum + value * right[i]!, 0);
const chunk = (text: string, path = '', context: readonly string[] = []) => ({ text, path, context });

describe('the model file', () => {
  it('is what its digest says', () => {
    expect(readWeights(memory).digest).toBe(createHash('sha256').update(file.subarray(64)).digest('hex'));
  });

  it('is small enough to ship', () => {
    expect(file.length).toBeLessThanOrEqual(12e6);
  });

  it.each([
    ['of another kind', (bytes: Buffer) => bytes.fill(0, 0, 4), /it is no model/],
    [
      'of another version',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4), Buffer.from([99]), bytes.subarray(5)]),
      /another version/,
    ],
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1), /its size is wrong/],
  ])('a file %s is refused with what to do', (_, damage, message) => {
    const damaged = Uint8Array.from(damage(Buffer.from(file)));
    expect(() => readWeights(damaged.buffer)).toThrow(message);
    expect(() => readWeights(damaged.buffer)).toThrow(/Install Lorekeep again/);
  });
});

describe('Vocabulary', () => {
  const vocabulary = new Vocabulary(readWeights(memory));

  it('has one row for a known word, those of its pieces for another', () => {
    expect(vocabulary.rowsOfWord('session')).toHaveLength(1);
    const pieces = vocabulary.rowsOfWord('sessionxqzbuffer');
    expect(pieces).toEqual([...vocabulary.rowsOfWord('session'), ...vocabulary.rowsOfWord('buffer')]);
    expect(vocabulary.rowsOfWord('')).toEqual([]);
  });
});

describe('StaticModel', () => {
  const model = new StaticModel(memory, 128);

  it('finds code by what it does, not only by its words', () => {
    const asked = model.embedQuestion('try again after a failure with increasing delay')!;
    const retry = model.embedChunk(chunk('func retry(attempts int) { backoff *= 2; time.Sleep(backoff) }'));
    const render = model.embedChunk(chunk('func render(width int) { canvas.fillRect(0, 0, width, height) }'));
    expect(dot(asked, retry)).toBeGreaterThan(dot(asked, render) + 0.1);
  });

  it('reads questions in Chinese', () => {
    const asked = model.embedQuestion('请求失败之后怎么重试')!;
    const retry = model.embedChunk(chunk('func retryRequest(attempts int) error { return backoff.Do(send) }'));
    const render = model.embedChunk(chunk('func render(width int) { canvas.fillRect(0, 0, width, height) }'));
    expect(dot(asked, retry)).toBeGreaterThan(dot(asked, render) + 0.1);
  });

  it('counts the path, the enclosing signatures and the text', () => {
    const plain = model.embedChunk(chunk('return value'));
    expect(dot(plain, model.embedChunk(chunk('return value', 'src/session/store.ts')))).toBeLessThan(0.9);
    expect(dot(plain, model.embedChunk(chunk('return value', '', ['class SessionStore'])))).toBeLessThan(0.95);
  });

  it('leaves nothing behind from one text to the next', () => {
    const before = model.embedChunk(chunk('open the file'));
    model.embedChunk(chunk('something else entirely', 'other/path.ts'));
    expect(model.embedChunk(chunk('open the file'))).toEqual(before);
  });

  it('a chunk without a known word still has a unit vector, a question has none', () => {
    for (const text of ['', '{}', '\u{1F642}', '0'.repeat(50)]) {
      expect(Math.hypot(...model.embedChunk(chunk(text)))).toBeCloseTo(1);
      expect(model.embedQuestion(text)).toBeNull();
    }
  });

  it('shorter vectors are the beginning of longer ones, scaled', () => {
    const long = new StaticModel(memory, 256).embedChunk(chunk('parse the header')).slice(0, 128);
    const short = model.embedChunk(chunk('parse the header'));
    expect(dot(long, short) / Math.hypot(...long)).toBeCloseTo(1, 4);
  });
});
