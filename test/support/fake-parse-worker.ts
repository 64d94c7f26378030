import { parentPort, workerData } from 'node:worker_threads';
import { Heartbeat } from '../../indexer/parse/heartbeat.ts';
import { readyMessage, type ParseJob, type ParseReply, type WorkerSetup } from '../../indexer/parse/parse-job.ts';

/**
 * A parser thread whose behaviour is told by the path of each job: `hang` loops for ever while parsing, `crash` throws,
 * `retire` asks to be replaced, `count` tells how many jobs the thread was given, everything else is answered. By lines
 * everything is answered.
 */
const setup = workerData as WorkerSetup;
const heartbeat = new Heartbeat(setup.heartbeat);

let jobs = 0;

parentPort?.postMessage(readyMessage);
parentPort?.on('message', (job: ParseJob) => {
  jobs++;
  if (!job.linesOnly) {
    heartbeat.parseBegins('ab'.repeat(32), 100);
    if (job.path.startsWith('hang')) for (;;);
    if (job.path.startsWith('crash')) throw new Error('a parser broke');
    heartbeat.parseEnds();
  }
  if (job.path.startsWith('poison')) throw new Error('no way to read it');
  const parsed = job.path.startsWith('count') ? `as number ${jobs}` : 'parsed';
  const detail = job.linesOnly ? 'by lines' : parsed;
  parentPort?.postMessage({
    outcome: { kind: 'skipped', skipped: { path: job.path, reason: 'generated', detail } },
    cost: { readMs: 0, parseMs: 0, chunkMs: 0, termsMs: 0, embedMs: 0 },
    retire: job.path.startsWith('retire'),
  } satisfies ParseReply);
});
