import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of the heap for new objects from growing, in all threads of the process. Indexing passes every text
 * through that heap once; V8 answers by growing it to 100 MB and more per thread, and is no faster for it.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
