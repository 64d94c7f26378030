import type { ChildProcess } from 'node:child_process';
import type { ServiceError } from '../../core/errors.ts';
import { hungChildError, lateChildError, lostChildError } from './child-error.ts';
import type { FromChild } from './child-messages.ts';
import { unlessAborted } from './turn-queue.ts';

const keptWords = 2_000;

/** How long a message is waited for. */
export interface Patience {
  readonly silenceMs: number;
  /** Time of `performance.now()` at which the whole job must have ended. */
  readonly endsAt: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a child process says, one message after the other. */
export class ChildInbox {
  readonly #modelPath: string;
  readonly #gone = Promise.withResolvers<void>();
  readonly #messages: FromChild[] = [];
  #lost: ServiceError | null = null;
  #wake: () => void = () => undefined;
  #lastWords = '';

  constructor(child: ChildProcess, modelPath: string) {
    this.#modelPath = modelPath;
    child.on('message', (message) => {
      this.#messages.push(message as FromChild);
      this.#wake();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-keptWords);
    });
    child.once('error', (error) => {
      this.#lastWords += error.message;
      this.#end(null, null);
    });
    // Unlike `exit`, this comes when the last words have been read, too.
    child.once('close', (exitCode, signal) => this.#end(exitCode, signal));
  }

  /** Calls back when the process is gone. */
  onGone(listener: () => void): void {
    void this.#gone.promise.then(listener);
  }

  /** The next message about a job; what is left over of others is dropped. Rejects when the process is gone or silent. */
  async next(id: number, patience: Patience): Promise<FromChild> {
    for (;;) {
      const message = this.#messages.shift();
      if (message?.id === id || message?.type === 'busy') return message;
      if (message !== undefined) continue;
      if (this.#lost !== null) throw this.#lost;
      await this.#arrival(patience);
    }
  }

  /** Whether a job that is to stop has stopped, or its process has ended, within the time. */
  async settled(id: number, withinMs: number): Promise<boolean> {
    try {
      for (;;) {
        const { type } = await this.next(id, { silenceMs: withinMs, endsAt: Infinity });
        if (type === 'finished' || type === 'failed') return true;
      }
    } catch {
      return this.#lost !== null;
    }
  }

  async #arrival({ silenceMs, endsAt, signal }: Patience): Promise<void> {
    const arrived = Promise.withResolvers<void>();
    this.#wake = () => arrived.resolve();
    const leftMs = Math.max(0, endsAt - performance.now());
    const error = leftMs < silenceMs ? lateChildError(this.#modelPath) : hungChildError(this.#modelPath, silenceMs);
    const timer = setTimeout(() => arrived.reject(error), Math.min(silenceMs, leftMs));
    try {
      await unlessAborted(arrived.promise, signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #end(exitCode: number | null, signal: NodeJS.Signals | null): void {
    this.#lost ??= lostChildError({ modelPath: this.#modelPath, exitCode, signal, lastWords: this.#lastWords });
    this.#gone.resolve();
    this.#wake();
  }
}
