import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process of test/support/store-child.ts. */
export interface StoreChild {
  readonly process: ChildProcessWithoutNullStreams;
  /** Its next line of output. Rejects when it ends without one. */
  line(): Promise<string>;
  /** Ends it with a signal and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a task of store-child.ts. */
export function startStoreChild(...args: readonly string[]): StoreChild {
  const script = fileURLToPath(new URL('store-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ...args]);
  const errors: Buffer[] = [];
  child.stderr.on('data', (data: Buffer) => errors.push(data));
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    line: async () => {
      const next = await lines.next();
      if (!next.done) return next.value;
      throw new Error(`The process ended without a line: ${Buffer.concat(errors).toString()}`);
    },
    kill: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}
