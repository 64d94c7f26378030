/** Keeps numbers and gives the smallest back first. */
export interface NumberHeap {
  push(value: number): void;
  /** The smallest, taken out; -1 when there is none. */
  pop(): number;
  clear(): void;
}

/** A heap that keeps its memory between uses: joining symbols fills and empties one for each word. */
export function numberHeap(): NumberHeap {
  let values = new Float64Array(256);
  let size = 0;

  function push(value: number): void {
    if (size === values.length) {
      const larger = new Float64Array(size * 2);
      larger.set(values);
      values = larger;
    }
    let at = size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = values[parent]!;
      if (above <= value) break;
      values[at] = above;
      at = parent;
    }
    values[at] = value;
  }

  function pop(): number {
    if (size === 0) return -1;
    const smallest = values[0]!;
    const last = values[--size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && values[child + 1]! < values[child]!) child++;
      const below = values[child]!;
      if (below >= last) break;
      values[at] = below;
      at = child;
    }
    values[at] = last;
    return smallest;
  }

  return { push, pop, clear: () => (size = 0) };
}
