import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../src/verbs/doctor/doctor-report.ts';
import { createSandbox } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../support/ollama-server.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

describe('doctor on this machine', () => {
  let sandbox: Sandbox;
  let shop: string;
  beforeAll(async () => {
    sandbox = createSandbox();
    shop = sandbox.copyProject('shop');
    await sandbox.run(shop, 'index');
  });
  afterAll(() => sandbox.remove());
  const states = ({ checks }: DoctorReport) => Object.fromEntries(checks.map(({ name, state }) => [name, state]));

  test('without a model server warns, is content with the rest, and ends with 0', async () => {
    const report = await sandbox.json<DoctorReport>(shop, 'doctor', '--port', '0');
    expect(report.ok).toBe(true);
    expect(states(report)).toMatchObject({
      Node: 'ok',
      'data folder': 'ok',
      'model server': 'warning',
      model: 'warning',
      embedder: 'ok',
      'hard links': 'ok',
      'file system': 'ok',
      index: 'ok',
      keys: 'ok',
      port: 'ok',
    });
    expect(report.recommendation.model).toMatch(/^deepseek-coder/);
  });

  test('ends with 1 when something is broken, and sees a port in use', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    writeFileSync(join(sandbox.dataFolder, 'keys.json'), 'no JSON');
    const { status, stdout } = await sandbox.run(shop, 'doctor', '--port', String(port), '--json');
    busy.close();
    expect(status).toBe(1);
    expect(states(JSON.parse(stdout) as DoctorReport)).toMatchObject({ keys: 'broken', port: 'warning' });
  });

  test.runIf(available)('knows a real Ollama, its models and its embedder', async () => {
    const server = await startOllama();
    try {
      const words = ['doctor', '--model-url', server?.url ?? '', '--embedder', 'ollama:all-minilm', '--json'];
      const { checks } = JSON.parse((await sandbox.run(shop, ...words)).stdout) as DoctorReport;
      const detail = (name: string) => checks.find((check) => check.name === name)?.detail;
      expect(detail('model server')).toContain('Ollama 0.11.4');
      expect(detail('model')).toBe('deepseek-coder:6.7b is installed');
      expect(detail('embedder')).toBe('all-minilm, 384 dimensions');
    } finally {
      await server?.stop();
    }
  });
});
