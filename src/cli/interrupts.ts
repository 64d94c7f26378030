import { ServiceError } from '../core/errors.ts';

/** Exit status after a signal: 128 and the signal's number, as shells count. */
const signalStatuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type StopSignal = keyof typeof signalStatuses;

/** What can be told to stop: the process, or a stand-in. */
export interface SignalSource {
  on(name: StopSignal, listener: () => void): unknown;
  off(name: StopSignal, listener: () => void): unknown;
  exit(status: number): void;
}

/** A run that a person can stop: the first signal aborts it in order, the second ends the process at once. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /** Status to exit with when a signal stopped the run, null otherwise. */
  readonly status: number | null;
  /** Stops the run in order without a signal, as when nobody reads the output any more. */
  stop(): void;
  release(): void;
}

/** Listens for Ctrl-C and its kin until `release`. */
export function listenForInterrupts(source: SignalSource): Interrupts {
  const controller = new AbortController();
  let status: number | null = null;
  const stop = (): void => controller.abort(new ServiceError('aborted', 'Stopped before it was finished.'));
  const listeners = (Object.keys(signalStatuses) as StopSignal[]).map((name) => {
    const listener = (): void => {
      if (status !== null) source.exit(signalStatuses[name]);
      status = signalStatuses[name];
      stop();
    };
    source.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    get status() {
      return status;
    },
    stop,
    release() {
      for (const { name, listener } of listeners) source.off(name, listener);
    },
  };
}
