import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemdUnit } from '../../../src/cli/commands/serve/systemd-unit.ts';
import { runWith } from '../../support/cli-world.ts';

describe('the systemd unit', () => {
  const options = {
    command: ['/usr/bin/true', 'serve', '--project', '/home/a b/50%$HOME"\\', '--model=deepseek-coder:6.7b'],
    user: 'root',
    dataFolder: '/home/a b/data',
    readable: ['/home/a b/code:1'],
    isLocal: true,
    port: 11_435,
  };

  test('quotes what systemd would change', () => {
    const unit = systemdUnit(options);
    expect(unit).toContain(
      String.raw`ExecStart=/usr/bin/true serve --project "/home/a b/50%%$$HOME\"\\" "--model=deepseek-coder:6.7b"`,
    );
    expect(unit).toContain('BindReadOnlyPaths="-/home/a b/code:1"');
    expect(unit).toContain('ReadWritePaths="/home/a b/data"');
  });

  test('opens no more than it must', () => {
    expect(systemdUnit(options)).toMatch(/^IPAddressAllow=localhost$/m);
    expect(systemdUnit(options)).toMatch(/^CapabilityBoundingSet=$/m);
    expect(systemdUnit({ ...options, isLocal: false })).toMatch(/^IPAddressAllow=localhost 10\.0\.0\.0\/8/m);
    expect(systemdUnit({ ...options, port: 443 })).toMatch(/^CapabilityBoundingSet=CAP_NET_BIND_SERVICE$/m);
  });

  const analyzer = spawnSync('systemd-analyze', ['--version']).status === 0;
  test.runIf(analyzer)('is taken by systemd, and exposes little', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lorekeep-unit-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'lorekeep.service');
    writeFileSync(file, systemdUnit(options));
    const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    const security = ['security', '--offline=true', '--threshold=20', '--no-pager', file];
    expect(spawnSync('systemd-analyze', security, { encoding: 'utf8' }).status).toBe(0);
  });

  test('is printed for the command as it was called', async () => {
    const { status, stdout } = await runWith([
      'serve',
      '--print-systemd-unit',
      '--port',
      '8080',
      '--api-key-file',
      'key.txt',
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^ExecStart=.* serve --project \/code\/shop "?--data=\S+ .*--port=8080 --api-key-file=\/\S+\/key\.txt$/m,
    );
  });
});
