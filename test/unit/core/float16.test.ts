import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromFloat16, halfBytes, halvesOf, toFloat16 } from '../../../src/core/packing/float16.ts';

const roundTrip = (value: number) => fromFloat16(toFloat16(Float32Array.of(value)))[0];

describe('half-precision numbers', () => {
  test.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [2 ** -25 * 1.5, 0x0001],
    [1 / 3, 0x3555],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
  ])('%d has the bits of IEEE 754', (value, expected) => {
    expect(toFloat16(Float32Array.of(value))[0]).toBe(expected);
  });

  test('every half comes back from its number', () => {
    const halves = Uint16Array.from({ length: 0x10000 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00);
    expect(toFloat16(fromFloat16(halves))).toEqual(halves);
    expect(roundTrip(Number.NaN)).toBeNaN();
    expect(roundTrip(Infinity)).toBe(Infinity);
  });

  test('numbers of unit vectors keep three digits', () => {
    fc.assert(
      fc.property(fc.float({ min: -1, max: 1, noNaN: true }), (value) => {
        expect(Math.abs((roundTrip(value) ?? Number.NaN) - value)).toBeLessThanOrEqual(
          Math.max(Math.abs(value) / 2048, 2 ** -25),
        );
      }),
    );
  });

  test('bytes at any offset become halves again', () => {
    const halves = toFloat16(Float32Array.of(0.5, -0.25, 3));
    const shifted = new Uint8Array(7);
    shifted.set(halfBytes(halves), 1);
    expect(halvesOf(shifted.subarray(1))).toEqual(halves);
  });
});
