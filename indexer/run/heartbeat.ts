const hashBytes = 32;

/** When a worker began to parse and what, in memory that the pool can read while the worker is busy. */
export class Heartbeat {
  readonly memory: SharedArrayBuffer;
  readonly #startedAt: BigInt64Array;
  readonly #hash: Uint8Array;

  constructor(memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT + hashBytes)) {
    this.memory = memory;
    this.#startedAt = new BigInt64Array(memory, 0, 1);
    this.#hash = new Uint8Array(memory, BigInt64Array.BYTES_PER_ELEMENT);
  }

  /** Called by the worker before it hands a content to a parser. */
  parseBegins(hash: string): void {
    this.#hash.set(Buffer.from(hash, 'hex'));
    Atomics.store(this.#startedAt, 0, process.hrtime.bigint());
  }

  parseEnds(): void {
    Atomics.store(this.#startedAt, 0, 0n);
  }

  /** The parse going on, null when there is none. */
  parsing(): { readonly startedAt: bigint; readonly hash: string } | null {
    const startedAt = Atomics.load(this.#startedAt, 0);
    return startedAt === 0n ? null : { startedAt, hash: Buffer.from(this.#hash).toString('hex') };
  }
}
