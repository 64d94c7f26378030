import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServedProject } from '../../../src/verbs/gateway/gateway.ts';
import { commitFiles, git, initRepository } from '../../support/git-project.ts';
import { createSandbox } from '../../support/cli-process.ts';
import type { Sandbox } from '../../support/cli-process.ts';
import { startService } from '../../support/running-service.ts';
import type { RunningService } from '../../support/running-service.ts';

const noModelServer = 'http://127.0.0.1:9';
const poll = { interval: 20, timeout: 50_000 };

describe('a service keeps its projects current', () => {
  let sandbox: Sandbox;
  let folder: string;
  let service: RunningService;
  beforeAll(async () => {
    sandbox = createSandbox();
    folder = sandbox.copyProject('parcel-desk');
    initRepository(folder);
    commitFiles(folder, 'Beginning', {});
    service = await startService({ modelUrl: noModelServer, sandbox });
  });
  afterAll(async () => {
    await service.stop();
    sandbox.remove();
  });

  const project = async (): Promise<ServedProject> =>
    (await service.call('/lorekeep/projects/parcel-desk')).json() as Promise<ServedProject>;
  /** Paths whose text holds a word, as a search finds them. */
  const found = async (word: string): Promise<string[]> => {
    const reply = await service.call('/lorekeep/search', { question: word });
    const { hits } = (await reply.json()) as { hits: { path: string; text: string }[] };
    return hits.filter(({ text }) => text.includes(word)).map(({ path }) => path);
  };

  test('what is saved is found, and what is deleted is gone', async () => {
    await expect.poll(async () => (await project()).live?.mode, poll).toBe('events');
    writeFileSync(join(folder, 'zebra.ts'), 'export function crossTheZebra(): void {}\n');
    await expect.poll(() => found('crossTheZebra'), poll).toEqual(['zebra.ts']);
    rmSync(join(folder, 'zebra.ts'));
    await expect.poll(() => found('crossTheZebra'), poll).toEqual([]);
  });

  test('a checkout of another branch is found, and the way back', async () => {
    git(folder, ['checkout', '-q', '-b', 'okapi']);
    commitFiles(folder, 'Okapi', { 'okapi.ts': 'export function hideTheOkapi(): void {}\n' });
    await expect.poll(() => found('hideTheOkapi'), poll).toEqual(['okapi.ts']);
    git(folder, ['checkout', '-q', 'main']);
    await expect.poll(() => found('hideTheOkapi'), poll).toEqual([]);
    git(folder, ['checkout', '-q', 'okapi']);
    await expect.poll(() => found('hideTheOkapi'), poll).toEqual(['okapi.ts']);
  });

  test('its state, health and metrics say so', async () => {
    expect(await project()).toMatchObject({ state: 'ready', problem: null, live: { mode: 'events' } });
    const { checks } = (await (await service.call('/health')).json()) as { checks: { name: string; detail: string }[] };
    expect(checks.find(({ name }) => name === 'project parcel-desk')?.detail).toMatch(
      /^Its index is kept current\. .*All files were compared at 20/,
    );
    const metrics = await (await service.call('/metrics')).text();
    expect(metrics).toContain('lorekeep_watched_projects 1\n');
    expect(metrics).toMatch(/lorekeep_compared_seconds_ago \d+\n/);
  });

  test('the process that does so comes back when it is killed, and goes when the service goes', async () => {
    const { pid } = (await project()).live!;
    process.kill(pid, 'SIGKILL');
    await expect.poll(async () => (await project()).state, poll).toBe('failed');
    await expect.poll(async () => (await project()).live?.mode, poll).toBe('events');
    const next = (await project()).live!.pid;
    expect(next).not.toBe(pid);
    await service.stop();
    expect(() => process.kill(next, 0)).toThrow('ESRCH');
  });
});
