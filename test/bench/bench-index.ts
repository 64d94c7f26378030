import { readFileSync } from 'node:fs';
import { benchEmbedder } from './bench-embedder.ts';
import { openBenchIndex } from './open-bench-index.ts';

/** Indexes a folder once: speed, memory, CPU seconds by stage, bytes on disk. */
export async function benchIndex(folder: string, embedder: string): Promise<Record<string, unknown>> {
  const bench = await openBenchIndex(folder, { embedder: benchEmbedder(embedder) });
  const { report, diskBytes } = bench;
  await bench.close();
  const seconds = report.elapsedMs / 1000;
  return {
    files: report.files,
    skipped: report.skipped,
    degraded: report.degraded,
    chunks: report.chunks,
    sourceBytes: report.bytes,
    seconds,
    megabytesPerSecond: report.bytes / 1e6 / seconds,
    chunksPerSecond: report.chunks / seconds,
    peakRssMegabytes: peakRssMegabytes(),
    cpuSeconds: Object.fromEntries(Object.entries(report.stages).map(([stage, cpuMs]) => [stage, cpuMs / 1000])),
    diskBytes,
    diskPerSourceByte: diskBytes / report.bytes,
  };
}

/** Largest resident size of this process so far, all threads. */
function peakRssMegabytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1000;
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000;
}
