import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, outcomeOf } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';

const script = join(import.meta.dirname, '..', 'support', 'offline-run.ts');

let sandbox: Sandbox;
let shop: string;
beforeAll(() => {
  sandbox = createSandbox();
  shop = sandbox.copyProject('shop');
});
afterAll(() => sandbox.remove());

/**
 * Runs the script in a network namespace of its own, where only loopback exists: whoever tries to reach anything else
 * fails, and the kernel counts the attempt.
 */
async function offline(task: string): Promise<{ readonly attempts: number; readonly results: unknown }> {
  const words = ['--map-root-user', '--net', process.execPath, script, task, shop];
  const environment = { HOME: sandbox.home, PATH: process.env['PATH'] ?? '' };
  const { status, stdout, stderr } = await outcomeOf(spawn('unshare', words, { env: environment }));
  if (status !== 0) throw new Error(`The run in its own network namespace ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

describe.runIf(process.platform === 'linux')('nothing leaves the machine', () => {
  test('index, search and ask work with nothing but loopback, and try to reach nothing else', async () => {
    const { attempts, results } = await offline('lorekeep');
    expect(results).toMatchObject({
      index: { files: 11 },
      search: { hits: [{ path: 'api/password.ts' }] },
      evidence: { mode: 'evidence' },
      generated: { mode: 'generated', answer: 'In constant time [1].' },
    });
    expect(attempts).toBe(0);
  });

  test('an attempt would have been counted', async () => {
    expect((await offline('attempt')).attempts).toBeGreaterThan(0);
  });
});
