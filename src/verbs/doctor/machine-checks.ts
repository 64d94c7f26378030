import type { Hardware } from '../../core/hardware.ts';
import { broken, fine, sizeOf, warning } from './doctor-report.ts';
import type { Finding } from './doctor-report.ts';
import type { Recommendation } from './recommend-model.ts';

/** Whether a version is at least another one; both as `major.minor.patch`, with or without a `v`. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.replace(/^v/, '').split('.').map(Number)) as [
    number[],
    number[],
  ];
  for (const [index, part] of want.entries()) {
    const own = have[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** The Node that runs this. */
export function checkNode(version: string, wanted: string): Finding {
  if (isAtLeast(version, wanted)) return fine(version);
  return broken(
    `${version} is too old: ${wanted} or newer is needed`,
    'npm install --global lorekeep brings its own Node',
  );
}

const gigabyte = 1e9;

/** Cores and the instructions that make models fast. */
export function checkProcessor({ architecture, processor, cores, features }: Hardware): Finding {
  const list = features === null || features.length === 0 ? '' : `, ${features.join(' ')}`;
  const detail = `${processor === '' ? architecture : processor}, ${cores} core${cores === 1 ? '' : 's'}${list}`;
  const isSlow = architecture === 'x64' && features !== null && !features.includes('avx2');
  return isSlow
    ? warning(`${detail}; without AVX2`, 'models run several times slower here: choose a small one')
    : fine(detail);
}

/** Memory, and whether the recommended model fits into what is free now. */
export function checkMemory({ memoryBytes, availableBytes }: Hardware, { model }: Recommendation): Finding {
  const detail = `${sizeOf(memoryBytes)}, ${sizeOf(availableBytes)} of it free`;
  // Index and service; a model comes on top.
  if (availableBytes >= gigabyte) return fine(detail);
  return warning(detail, `close other programs before a model such as ${model} is loaded`);
}

/** Graphics processors, which are welcome and not needed. */
export function checkGpu({ gpus }: Hardware): Finding {
  if (gpus.length === 0) return fine('none found: models run on the processor');
  const shown = gpus.map(
    ({ name, memoryBytes }) => `${name} (${memoryBytes === null ? 'memory unknown' : sizeOf(memoryBytes)})`,
  );
  return fine(shown.join(', '));
}
