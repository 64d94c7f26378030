import { parentPort, workerData } from 'node:worker_threads';
import { chunkerVersions } from '../chunk/chunker-version.ts';
import { Heartbeat } from './heartbeat.ts';
import { parseFile, type FileParserParts } from './parse-file.ts';
import { readyMessage, type ParseJob, type ParseReply, type WorkerSetup } from './parse-job.ts';

/** A thread that parses the files it is told, one after the other. */
function serve(port: NonNullable<typeof parentPort>, setup: WorkerSetup): void {
  const parts: FileParserParts = {
    chunkOptions: setup.chunkOptions,
    ...(setup.readLimits && { readLimits: setup.readLimits }),
    versionOf: chunkerVersions(setup.chunkOptions),
    quarantined: new Set(setup.quarantined),
    heartbeat: new Heartbeat(setup.heartbeat),
  };
  let last: Promise<void> = Promise.resolve();
  port.on('message', (job: ParseJob) => {
    // A failure ends the thread, and its pool knows what to do.
    last = last.then(async () => {
      const reply = await parseFile(job, parts);
      port.postMessage(reply, buffersOf(reply));
    });
  });
  port.postMessage(readyMessage);
}

/** What is not copied on its way to the other thread. Definitions are: a transfer costs more than so few bytes. */
function buffersOf({ outcome }: ParseReply): ArrayBuffer[] {
  if (outcome.kind !== 'indexed') return [];
  const { chunks } = outcome.file;
  return [chunks.buffer];
}

if (parentPort) serve(parentPort, workerData as WorkerSetup);
