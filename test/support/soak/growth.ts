/** A figure that was looked at again and again. */
export interface Growth {
  /** Of the second half. */
  readonly mean: number;
  /** By how much it has grown in the second half, as the straight line says that fits best. */
  readonly growth: number;
}

/** How a figure behaves when the beginning is over. */
export function secondHalf(values: readonly number[]): Growth {
  const late = values.slice(Math.floor(values.length / 2));
  const mean = late.reduce((sum, value) => sum + value, 0) / late.length;
  const middle = (late.length - 1) / 2;
  let product = 0;
  let square = 0;
  late.forEach((value, at) => {
    product += (at - middle) * (value - mean);
    square += (at - middle) ** 2;
  });
  const slope = square === 0 ? 0 : product / square;
  return { mean: Math.round(mean * 10) / 10, growth: Math.round(slope * (late.length - 1) * 10) / 10 };
}
