/** A figure that was looked at again and again. */
export interface Growth {
  /** Of the second half. */
  readonly mean: number;
  readonly most: number;
  /** By how much the least that is held has grown in the second half, as the straight line says that fits best. */
  readonly growth: number;
}

const parts = 10;

/**
 * How a figure behaves when the beginning is over. What is taken and given back again and again makes saw teeth, so the growth is that
 * of the smallest values of each part: what leaks is never given back.
 */
export function secondHalf(values: readonly number[]): Growth {
  const late = values.slice(Math.floor(values.length / 2));
  const size = Math.max(1, Math.ceil(late.length / parts));
  const least = Array.from({ length: Math.ceil(late.length / size) }, (_, part) =>
    Math.min(...late.slice(part * size, (part + 1) * size)),
  );
  return {
    mean: rounded(meanOf(late)),
    most: rounded(Math.max(...late)),
    growth: rounded(slopeOf(least) * (least.length - 1)),
  };
}

/** By how much values grow from one to the next (least squares). */
function slopeOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const middle = (values.length - 1) / 2;
  let product = 0;
  let square = 0;
  for (const [at, value] of values.entries()) {
    product += (at - middle) * (value - mean);
    square += (at - middle) ** 2;
  }
  return square === 0 ? 0 : product / square;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
