import type { FromChild, ToChild } from '../child-messages.ts';
import { failureOf } from './child-failure.ts';
import { LoadedModel } from './loaded-model.ts';

/** A process that runs one model file for its parent. Native code may take it down: then only its work is lost. */
function serve(): void {
  const model = Promise.withResolvers<LoadedModel>();
  // Nobody may be waiting yet when the file turns out to be none.
  model.promise.catch(() => undefined);
  let isFatal = false;
  const stops = new Map<number, AbortController>();
  const tell = (message: FromChild): void => {
    process.send?.(message);
  };
  process.on('message', (message: ToChild) => {
    if (message.type === 'setup') {
      const progress = (): void => tell({ type: 'busy', id: 0 });
      LoadedModel.open(message.setup, progress).then(model.resolve, (error: unknown) => {
        isFatal = true;
        model.reject(error);
      });
    }
    if (message.type === 'stop') stops.get(message.id)?.abort();
    if (message.type === 'start') {
      const { id, job } = message;
      const stop = new AbortController();
      const cameAt = performance.now();
      stops.set(id, stop);
      model.promise
        .then((loaded) => loaded.run(job, { id, tell, signal: stop.signal, cameAt }))
        .then(tell, (error: unknown) => tell({ type: 'failed', id, isFatal, ...failureOf(error, stop.signal) }))
        .finally(() => stops.delete(id));
    }
  });
  // The parent decides when it is time, also where a terminal or a service manager stops all processes at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(0));
}

serve();
