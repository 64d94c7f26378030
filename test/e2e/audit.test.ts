import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestEvent } from '../../src/core/gateway/request-event.ts';
import { openServiceAudit } from '../../src/service/audit.ts';
import { createSandbox } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

const trace = {
  id: 'r1',
  startedAt: '2026-01-02T03:04:05.678Z',
  method: 'POST',
  route: '/api/chat',
  clientAddress: '127.0.0.1',
  callerId: 'k1',
  callerName: 'editor\n\u001b[31m',
  model: 'deepseek-coder:6.7b',
  decision: 'hybrid' as const,
  sent: ['shop/a.ts:1-9'],
  promptTokens: 100,
  outputTokens: 20,
  status: 200,
  durationMs: 45.67,
};

test('before the service has run there is nothing to check, which is not a pass', async () => {
  const { status, stderr } = await sandbox.run(sandbox.home, 'audit', 'verify');
  expect(status).toBe(1);
  expect(stderr).toContain('There is no audit log');
  expect(await sandbox.run(sandbox.home, 'audit', 'verfy')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Did you mean `lorekeep audit verify`?'),
  });
});

test('what was noted is shown, checked, and found out when it was changed', async () => {
  const log = openServiceAudit({ dataFolder: sandbox.dataFolder });
  log.append({ action: 'service.start', at: trace.startedAt, details: { version: '1' } });
  log.append(requestEvent(trace));
  await log.close();

  const shown = await sandbox.run(sandbox.home, 'audit', 'show');
  expect(shown.stdout.split('\n')).toHaveLength(3);
  expect(shown.stdout).toMatch(
    /editor.*  POST \/api\/chat  deepseek-coder:6.7b  hybrid  1 span  100 \+ 20 tokens  200 45.7 ms\n$/,
  );
  expect(shown.stdout).not.toContain('\u001b');
  const asJson = await sandbox.run(sandbox.home, 'audit', 'show', '--last', '1', '--json');
  expect(JSON.parse(asJson.stdout)).toMatchObject({ action: 'request', sequence: 2, details: { keyId: 'k1' } });
  const ecs = await sandbox.run(sandbox.home, 'audit', 'show', '--last', '1', '--ecs');
  expect(JSON.parse(ecs.stdout)).toMatchObject({ 'user.id': 'k1', 'gen_ai.usage.input_tokens': 100 });

  const { hash } = await sandbox.json<{ hash: string }>(sandbox.home, 'audit', 'head');
  expect((await sandbox.run(sandbox.home, 'audit', 'head')).stdout).toBe(`${hash}\n`);
  expect(await sandbox.json(sandbox.home, 'audit', 'verify', '--head', hash)).toMatchObject({
    lines: 2,
    head: { hash },
  });
  expect(await sandbox.run(sandbox.home, 'audit', 'verify', '--head', '1')).toMatchObject({ status: 2 });
  expect(await sandbox.run(sandbox.home, 'audit', 'verify')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('is as it was written: 2 lines'),
    stderr: expect.stringContaining('--head'),
  });

  const path = join(sandbox.dataFolder, 'audit', '000000000001.jsonl');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"status":200', '"status":403'));
  const { status, stderr } = await sandbox.run(sandbox.home, 'audit', 'verify');
  expect(status).toBe(1);
  expect(stderr).toContain('000000000001.jsonl, line 2: The content of line 2 is not what was written.');
});
