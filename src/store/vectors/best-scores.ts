/** A chunk with its score. */
export interface ScoredId {
  readonly id: number;
  readonly score: number;
}

/** Keeps the best of many scores: a heap with the worst of them on top. Equal scores go by id, so the order of offers has no say. */
export class BestScores {
  readonly #limit: number;
  readonly #heap: ScoredId[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What a score must at least be to be kept; NaN never is. */
  get bar(): number {
    return this.#heap.length < this.#limit ? -Infinity : (this.#heap[0]?.score ?? Infinity);
  }

  offer(entry: ScoredId): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(entry);
      this.#rise(heap.length - 1);
    } else if (heap[0] !== undefined && isWorse(heap[0], entry)) {
      heap[0] = entry;
      this.#sink();
    }
  }

  /** Best first. */
  ranked(): ScoredId[] {
    return this.#heap.toSorted((left, right) => right.score - left.score || left.id - right.id);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isWorse(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const worse = right < heap.length && isWorse(heap[right]!, heap[left]!) ? right : left;
      if (!isWorse(heap[worse]!, heap[at]!)) return;
      [heap[at], heap[worse]] = [heap[worse]!, heap[at]!];
      at = worse;
    }
  }
}

function isWorse(one: ScoredId, other: ScoredId): boolean {
  return one.score < other.score || (one.score === other.score && one.id > other.id);
}
