import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInt8, toInt8 } from '../../../src/core/packing/int8.ts';

const numbers = fc.float32Array({ minLength: 2, maxLength: 64, min: -2, max: 2, noNaN: true });

describe('vectors as signed bytes', () => {
  it('keep their direction, and their bytes when they are packed again', () => {
    fc.assert(
      fc.property(numbers, (vector) => {
        const length = Math.hypot(...vector);
        fc.pre(length > 1e-6);
        const bytes = toInt8(vector);
        const unpacked = fromInt8(bytes);
        const cosine = unpacked.reduce((sum, value, i) => sum + (value * vector[i]!) / length, 0);
        expect(cosine).toBeGreaterThan(0.999);
        expect(Math.hypot(...unpacked)).toBeCloseTo(1, 5);
        expect(toInt8(unpacked)).toEqual(bytes);
      }),
    );
  });

  it('give zeros for what has no direction', () => {
    expect([...toInt8(Float32Array.of(0, -0, 0))]).toEqual([0, 0, 0]);
    expect([...toInt8(Float32Array.of(1, Number.NaN))]).toEqual([0, 0]);
    expect([...toInt8(Float32Array.of(1, Infinity))]).toEqual([0, 0]);
    expect([...fromInt8(Int8Array.of(0, 0))]).toEqual([0, 0]);
  });
});
