import type { FreeMemory } from './free-memory.ts';
import type { LoadedModel } from './loaded-models.ts';

/** Sizes of context window that models are run with, in tokens. Few, so that a change of memory rarely means another. */
const windows = [4_096, 8_192, 16_384, 32_768];
const leastWindow = 4_096;
/** A vector says little about a long text; Ollama's own default. */
const embeddingWindow = 4_096;
/** The largest that is tried where nothing is known of the memory that it would take. */
const unknownMemoryWindow = 8_192;
/** For a model that tells nothing of its shape: what the largest of the common 7B models need. */
const unknownKvBytesPerToken = 512 * 1024;
/** The rest is for what a model needs beside weights and window, and for everyone else. */
const usableShare = 0.85;

/** What the window of a model depends on. */
export interface WindowNeeds {
  /** Tokens that the model was trained to take, null where unknown. */
  readonly trainedTokens: number | null;
  /** True for a model that makes vectors and no text. */
  readonly isEmbedder: boolean;
  readonly kvBytesPerToken: number | null;
  readonly weightBytes: number;
  /** Null where the model does not run on this machine. */
  readonly memory: FreeMemory | null;
  /** How the server runs the model now, null when it does not. */
  readonly loaded: LoadedModel | null;
}

/**
 * The context window, in tokens, that a model is run with: the largest of a few sizes that it was trained for and that
 * fits into memory, at least 4,096 unless it was trained for less. A model that is loaded with a larger one keeps it.
 */
export function chooseWindow(needs: WindowNeeds): number {
  const limit = needs.trainedTokens ?? leastWindow;
  if (needs.isEmbedder) return Math.min(limit, embeddingWindow);
  const fitting = windows.filter((size) => size <= limit && size <= affordable(needs));
  const present = needs.loaded?.windowTokens ?? 0;
  const kept = windows.includes(present) && present <= limit ? present : 0;
  return Math.max(Math.min(leastWindow, limit), kept, ...fitting);
}

/** Tokens that memory has room for. */
function affordable({ memory, loaded, weightBytes, kvBytesPerToken }: WindowNeeds): number {
  if (memory === null) return unknownMemoryWindow;
  const perToken = kvBytesPerToken ?? unknownKvBytesPerToken;
  const onGpu = loaded?.gpuBytes ?? 0;
  if (memory.gpuBytes !== null) {
    const room = (memory.gpuBytes + onGpu) * usableShare - weightBytes;
    if (room > 0) return room / perToken;
  } else if (onGpu > 0) return unknownMemoryWindow;
  // Weights are a mapped file, which counts as free memory whether the model is loaded or not; its window is not.
  const windowBytes = loaded === null ? 0 : Math.max(0, loaded.bytes - onGpu - weightBytes);
  return ((memory.ramBytes + windowBytes) * usableShare - weightBytes) / perToken;
}
