import type { ModelInfo } from '../core/gateway/model-server.ts';

/** What a model's speed is kept under. */
export function speedKey({ host, name, digest }: Pick<ModelInfo, 'host' | 'name' | 'digest'>): string {
  return `${host} ${name} ${digest}`;
}

/**
 * Measured prompt reading speeds in tokens per second, by model digest; kept beyond the process by whoever passes it.
 */
export interface PromptSpeedStore {
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

/** A prompt shorter than this says more about the start of a call than about reading. */
const minMeasuredTokens = 64;
/** Weight of a new measurement against those before it. */
const learningRate = 0.5;
/** The speed of a busy machine wavers; what is learnt must not, since evidence that is packed anew is read anew. */
const noise = 0.3;
/** A server that has a prompt in its cache seems to read many times faster; one step up is no larger than this. */
const maxGrowth = 1.5;
const maxModels = 100;

/** Learns how fast each model reads a prompt. A store that fails costs the measurement, never an answer. */
export class PromptSpeed {
  readonly #store: PromptSpeedStore;

  constructor(store: PromptSpeedStore) {
    this.#store = store;
  }

  /** Tokens per second, null before the first measurement. */
  async of(key: string): Promise<number | null> {
    return (await this.#speeds()).get(key) ?? null;
  }

  /**
   * Records that a model read `tokens` in `seconds`; prompts that were mostly in the server's cache must not be
   * recorded.
   */
  async record(key: string, tokens: number, seconds: number): Promise<void> {
    if (tokens < minMeasuredTokens || !(seconds > 0)) return;
    const speeds = await this.#speeds();
    const before = speeds.get(key);
    const measured = tokens / seconds;
    if (before !== undefined && Math.abs(measured - before) < before * noise) return;
    const learnt =
      before === undefined ? measured : Math.min(before + (measured - before) * learningRate, before * maxGrowth);
    speeds.delete(key);
    speeds.set(key, Math.round(learnt * 10) / 10);
    const kept = Object.fromEntries([...speeds].slice(-maxModels));
    await this.#store.write(`${JSON.stringify(kept, null, 2)}\n`).catch(() => undefined);
  }

  async #speeds(): Promise<Map<string, number>> {
    const text = await this.#store.read().catch(() => null);
    return new Map(Object.entries(parse(text)).filter((entry): entry is [string, number] => isSpeed(entry[1])));
  }
}

function isSpeed(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function parse(text: string | null): object {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
