/** A graphics processor that models may run on. */
export interface Gpu {
  readonly name: string;
  /** Its own memory, null where nobody tells. */
  readonly memoryBytes: number | null;
}

/** What of a machine matters to models. */
export interface Hardware {
  /** As Node names it: `x64`, `arm64`. */
  readonly architecture: string;
  readonly processor: string;
  /** That this process may use. */
  readonly cores: number;
  /** Instructions that make models fast, such as `avx2`; null where nobody tells. */
  readonly features: readonly string[] | null;
  /** Of the machine, or less where a container has less. */
  readonly memoryBytes: number;
  readonly availableBytes: number;
  readonly gpus: readonly Gpu[];
}
