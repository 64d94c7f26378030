import { parentPort, workerData } from 'node:worker_threads';
import type { ChunkEmbedder, ChunkEmbedderSource, OpenChunkEmbedder } from '../../src/core/embedding.ts';
import { chunkerVersions } from '../chunk/chunker-version.ts';
import { Heartbeat } from './heartbeat.ts';
import { parseFile, type FileParserParts } from './parse-file.ts';
import { readyMessage, type ParseJob, type ParseReply, type WorkerSetup } from './parse-job.ts';

/** A thread that parses the files it is told, one after the other. */
async function serve(port: NonNullable<typeof parentPort>, setup: WorkerSetup): Promise<void> {
  const parts: FileParserParts = {
    chunkOptions: setup.chunkOptions,
    ...(setup.readLimits && { readLimits: setup.readLimits }),
    versionOf: chunkerVersions(setup.chunkOptions),
    quarantined: new Set(setup.quarantined),
    heartbeat: new Heartbeat(setup.heartbeat),
    embedder: setup.embedder ? await openEmbedder(setup.embedder) : null,
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

async function openEmbedder(source: ChunkEmbedderSource): Promise<ChunkEmbedder> {
  const { openChunkEmbedder } = (await import(source.module)) as { readonly openChunkEmbedder: OpenChunkEmbedder };
  return openChunkEmbedder(source);
}

/** What is not copied on its way to the other thread. Definitions are: a transfer costs more than so few bytes. */
function buffersOf({ outcome }: ParseReply): ArrayBuffer[] {
  if (outcome.kind !== 'indexed') return [];
  const { chunks } = outcome.file;
  return [chunks.buffer];
}

if (parentPort) await serve(parentPort, workerData as WorkerSetup);
