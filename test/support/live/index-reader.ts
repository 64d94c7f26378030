import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a reading process is told to do. Times are of the monotonic clock. */
export type ReaderTask = { readonly id: number } &
  /** Searches for a word until it is found in this file. */
  (
    | { readonly do: 'find'; readonly word: string; readonly path: string; readonly until: number }
    | { readonly do: 'time'; readonly questions: readonly string[] }
  );

/** How a search for a word went: when it was found, null when it was not; what the last search took, and how many there were. */
export interface Sought {
  readonly at: number | null;
  readonly searchMs: number;
  readonly searches: number;
}

/** What it answers. */
export type ReaderAnswer = { readonly id: number } & (
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'sought' } & Sought)
  | { readonly kind: 'timed'; readonly times: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string }
);

type Task = ReaderTask extends infer One ? (One extends ReaderTask ? Omit<One, 'id'> : never) : never;

/** Another process with an index open for reading. */
export class IndexReader implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #waiting = new Map<number, PromiseWithResolvers<ReaderAnswer>>();
  #lastId = 0;

  private constructor(folder: string) {
    const script = fileURLToPath(new URL('reader-child.ts', import.meta.url));
    this.#child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = once(this.#child, 'exit').then(([code]) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The reading process ended with ${code}.`));
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const answer = JSON.parse(line) as ReaderAnswer;
      if (answer.kind === 'failed') this.#waiting.get(answer.id)?.reject(new Error(answer.message));
      else this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** Opens the index in a folder; resolves after its first search. */
  static async open(folder: string): Promise<IndexReader> {
    const reader = new IndexReader(folder);
    await reader.#answer(0);
    return reader;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Searches for a word until it is found in a file, with its text, or until a moment of the monotonic clock. Rejects when a search fails. */
  async find(word: string, path: string, until: number): Promise<Sought> {
    return (await this.#ask({ do: 'find', word, path, until })) as ReaderAnswer & Sought;
  }

  /** Milliseconds that each question takes, one after the other. Rejects when a search fails. */
  async time(questions: readonly string[]): Promise<readonly number[]> {
    const answer = await this.#ask({ do: 'time', questions });
    return answer.kind === 'timed' ? answer.times : [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }

  #ask(task: Task): Promise<ReaderAnswer> {
    const id = ++this.#lastId;
    const answer = this.#answer(id);
    this.#child.stdin?.write(`${JSON.stringify({ ...task, id })}\n`);
    return answer;
  }

  #answer(id: number): Promise<ReaderAnswer> {
    const waiting = Promise.withResolvers<ReaderAnswer>();
    this.#waiting.set(id, waiting);
    return waiting.promise;
  }
}
