import type { Hardware } from '../../core/hardware.ts';

/** A model that suits a machine. */
export interface Recommendation {
  /** As Ollama names it. */
  readonly model: string;
  readonly quantization: string;
  /** Sizes that suit, such as `7B to 16B`. */
  readonly range: string;
  /** Why, in a sentence. */
  readonly reason: string;
}

const gibibyte = 2 ** 30;
/** What a "16 GB" machine shows is less: firmware, drivers and kernels keep some. */
const tolerance = 0.9;

/**
 * The model and quantisation for a machine. GPU memory counts first: 8 GB run the 7B class, 16 GB up to 16B, 24 GB 33B where the
 * machine has 64 GB beside it. Without a GPU, 6.7B wants 16 GB and four cores; anything smaller gets 1.3B.
 */
export function recommendModel(hardware: Hardware): Recommendation {
  const video = hardware.gpus.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
  const has = (bytes: number, gigabytes: number): boolean => bytes >= gigabytes * gibibyte * tolerance;
  if (has(video, 24) && has(hardware.memoryBytes, 64)) {
    return of(
      'deepseek-coder:33b',
      '33B',
      `${size(video)} of GPU memory and ${size(hardware.memoryBytes)} of memory hold 33B.`,
    );
  }
  if (has(video, 16)) {
    const more = has(video, 24) ? ' 33B wants 64 GB of memory beside the GPU.' : '';
    return of('deepseek-coder-v2:16b', '7B to 16B', `${size(video)} of GPU memory hold up to 16B.${more}`);
  }
  if (has(video, 8) && has(hardware.memoryBytes, 16)) {
    return of('deepseek-coder:6.7b', '7B', `${size(video)} of GPU memory hold the 7B class.`);
  }
  return withoutLargeGpu(hardware, has);
}

function withoutLargeGpu(hardware: Hardware, has: (bytes: number, gigabytes: number) => boolean): Recommendation {
  const { memoryBytes, cores, architecture } = hardware;
  if (has(memoryBytes, 16) && cores >= 4) {
    return of(
      'deepseek-coder:6.7b',
      '1.3B to 6.7B',
      `Without a large GPU, ${cores} cores and ${size(memoryBytes)} of memory run 6.7B at most.`,
    );
  }
  if (architecture === 'arm64' && !has(memoryBytes, 16)) {
    return of('deepseek-coder:1.3b', '1.3B to 3B', `A board with ${size(memoryBytes)} of memory runs 1.3B to 3B.`);
  }
  const short = has(memoryBytes, 16)
    ? `${cores} cores are too few for 6.7B`
    : `6.7B wants 16 GB of memory, and here are ${size(memoryBytes)}`;
  return of('deepseek-coder:1.3b', '1.3B', `Without a large GPU, ${short}.`);
}

/** Four bits a weight with larger ones where it matters: the usual balance of size, speed and quality. */
function of(model: string, range: string, reason: string): Recommendation {
  return { model, quantization: 'Q4_K_M', range, reason };
}

function size(bytes: number): string {
  return `${Math.round(bytes / gibibyte)} GB`;
}
