const hashBytes = 32;

/** A parse that is going on. */
export interface ParseInProgress {
  /** By the process's monotonic clock, in nanoseconds. */
  readonly startedAt: bigint;
  readonly hash: string;
  /** Length of the text in UTF-16 units. */
  readonly chars: number;
}

/** When a worker began to parse and what, in memory that the pool can read while the worker is busy. */
export class Heartbeat {
  readonly memory: SharedArrayBuffer;
  /** Start of the parse and length of its text. */
  readonly #numbers: BigInt64Array;
  readonly #hash: Uint8Array;

  constructor(memory = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT + hashBytes)) {
    this.memory = memory;
    this.#numbers = new BigInt64Array(memory, 0, 2);
    this.#hash = new Uint8Array(memory, 2 * BigInt64Array.BYTES_PER_ELEMENT);
  }

  /** Called by the worker before it hands a text to a parser. */
  parseBegins(hash: string, chars: number): void {
    this.#hash.set(Buffer.from(hash, 'hex'));
    Atomics.store(this.#numbers, 1, BigInt(chars));
    Atomics.store(this.#numbers, 0, process.hrtime.bigint());
  }

  parseEnds(): void {
    Atomics.store(this.#numbers, 0, 0n);
  }

  /** The parse going on, null when there is none. */
  parsing(): ParseInProgress | null {
    const startedAt = Atomics.load(this.#numbers, 0);
    if (startedAt === 0n) return null;
    return { startedAt, hash: Buffer.from(this.#hash).toString('hex'), chars: Number(Atomics.load(this.#numbers, 1)) };
  }
}
