import { ServiceError } from '../../core/errors.ts';
import type { FreeMemory } from '../ollama/free-memory.ts';
import { ggufFileStats, knownFile, readGgufFile } from './gguf-file.ts';
import type { KnownFile } from './gguf-file.ts';
import { GgufProcess } from './gguf-process.ts';
import type { ProcessOptions } from './gguf-process.ts';

/** A file that was asked for, and the process that runs it. */
export interface PooledModel extends KnownFile {
  readonly process: GgufProcess;
}

/** How many processes run, and how. */
export interface PoolOptions extends ProcessOptions {
  readonly threads: number;
  readonly maxProcesses: number;
  /** Paths of the only files that may be opened, null for any. */
  readonly allowed: ReadonlySet<string> | null;
  readonly freeMemory: () => FreeMemory;
}

/** Files that are not running are forgotten beyond this. */
const maxFiles = 100;

/** The models that were asked for, least recently used first. */
export class GgufPool {
  readonly #options: PoolOptions;
  readonly #models = new Map<string, PooledModel>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Paths of the files that were asked for. */
  get paths(): readonly string[] {
    return [...this.#models.keys()];
  }

  /** Ids of the processes that run. */
  get processIds(): readonly number[] {
    return [...this.#models.values()].flatMap(({ process }) => process.pid ?? []);
  }

  /**
   * The model in a file. Its window stays the same as long as the file does; a file that was written anew is another model.
   * Errors: `forbidden` for a file that may not be opened, of which nothing is told, and those of reading it.
   */
  async open(path: string): Promise<PooledModel> {
    const { allowed } = this.#options;
    if (allowed !== null && !allowed.has(path)) throw notAllowed(path);
    const { bytes, modifiedMs } = await ggufFileStats(path);
    const known = this.#models.get(path);
    if (known?.info.bytes === bytes && known.info.modifiedAt === new Date(modifiedMs).toISOString()) {
      this.#models.delete(path);
      this.#models.set(path, known);
      return known;
    }
    const file = knownFile(await readGgufFile(path), this.#options.freeMemory());
    await known?.process.stop();
    const { windowTokens } = file.info;
    const setup = { modelPath: path, windowTokens, threads: this.#options.threads };
    const model = { ...file, process: new GgufProcess(setup, this.#options) };
    this.#models.set(path, model);
    await this.#forget();
    return model;
  }

  /** Makes room for a process beside those that run: the ones that have nothing to do end, least recently used first. */
  async makeRoom(wanted: PooledModel): Promise<void> {
    const others = [...this.#models.values()].filter((model) => model !== wanted && model.process.pid !== null);
    const surplus = others.length + 1 - this.#options.maxProcesses;
    const idle = others.filter(({ process }) => process.isIdle).slice(0, Math.max(0, surplus));
    await Promise.all(idle.map(({ process }) => process.stop()));
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    await Promise.all([...this.#models.values()].map(({ process }) => process.stop()));
  }

  async #forget(): Promise<void> {
    const [oldest] = this.#models.keys();
    if (oldest === undefined || this.#models.size <= maxFiles) return;
    const model = this.#models.get(oldest);
    this.#models.delete(oldest);
    if (model?.process.isIdle === true) await model.process.stop();
  }
}

function notAllowed(path: string): ServiceError {
  const message = `The file ${path} may not be run: the configuration does not name it. \`--model gguf:<path>\` or an alias does.`;
  return new ServiceError('forbidden', message);
}
