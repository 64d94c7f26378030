import { watch } from 'node:fs';
import { workerData } from 'node:worker_threads';

// A watching thread that ends when a file called `end` is changed in the project, and fails when `fail` is.
watch((workerData as { root: string }).root, (_, name) => {
  if (name === 'end') process.exit(3);
  if (name === 'fail') throw new Error('meant to fail');
});
await import('../../indexer/watch/thread/watch-worker.ts');
