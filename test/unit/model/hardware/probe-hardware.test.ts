import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findGpus } from '../../../../src/model/hardware/gpus.ts';
import { probeHardware, readFeatures } from '../../../../src/model/hardware/probe-hardware.ts';

describe('the hardware', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lorekeep-root-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const absent = () => Promise.reject(new Error('spawn nvidia-smi ENOENT'));

  test('of this machine is told without failing', async () => {
    const hardware = await probeHardware();
    expect(hardware.cores).toBeGreaterThan(0);
    expect(hardware.memoryBytes).toBeGreaterThan(1e8);
    expect(hardware.availableBytes).toBeGreaterThan(0);
    expect(hardware.gpus).toBeInstanceOf(Array);
  });

  test('has the GPUs that nvidia-smi prints, and those of AMD', async () => {
    write('sys/class/drm/card1/device/mem_info_vram_total', '17163091968\n');
    write('sys/class/drm/card0/device/vendor', '0x8086\n');
    const nvidiaSmi = async () => 'NVIDIA GeForce RTX 4090, 24564\nNVIDIA Thor, [N/A]\n\nsome warning\n';
    expect(await findGpus({ root, nvidiaSmi })).toEqual([
      { name: 'NVIDIA GeForce RTX 4090', memoryBytes: 24_564 * 1024 * 1024 },
      { name: 'NVIDIA Thor', memoryBytes: null },
      { name: 'AMD', memoryBytes: 17_163_091_968 },
    ]);
  });

  test('has the GPU that the driver knows where its tools are absent', async () => {
    write('proc/driver/nvidia/gpus/0000:01:00.0/information', 'Model: \t\t NVIDIA L4\nIRQ: 16\n');
    expect(await findGpus({ root, nvidiaSmi: absent })).toEqual([{ name: 'NVIDIA L4', memoryBytes: null }]);
  });

  test('has no GPU where nothing tells of one', async () => {
    expect(await findGpus({ root, nvidiaSmi: absent })).toEqual([]);
    expect(await findGpus({ root, nvidiaSmi: async () => 'No devices were found\n' })).toEqual([]);
  });

  test.each([
    ['processor\t: 0\nflags\t\t: fpu avx sse avx2 fma\nflags\t: none', ['avx', 'avx2', 'fma']],
    ['processor : 0\nFeatures\t: fp asimd asimddp', ['asimd', 'asimddp']],
    ['flags\t: fpu', []],
    ['nothing of the kind', null],
  ])('reads %j as features %j', (text, features) => {
    write('proc/cpuinfo', text);
    expect(readFeatures(root)).toEqual(features);
  });

  test('has unknown features where the system lists none', () => {
    expect(readFeatures(root)).toBeNull();
  });
});
