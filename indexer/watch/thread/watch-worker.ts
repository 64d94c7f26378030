import { watch } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { ProjectWatcher } from './project-watcher.ts';
import type { WatchSetup } from '../watch-message.ts';

// A thread that watches one project. Its loop has nothing else to do, so that the kernel's queue is read at once.
if (parentPort) await new ProjectWatcher(parentPort, workerData as WatchSetup, watch).start();
