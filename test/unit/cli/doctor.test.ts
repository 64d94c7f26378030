import { describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../../src/verbs/doctor/doctor-report.ts';
import { runWith } from '../../support/cli-world.ts';
import { fakeAdministration } from '../../support/fake-service.ts';
import { hardwareOf } from '../../support/hardware.ts';

function doctor(ok: boolean) {
  const asked: unknown[] = [];
  const report: DoctorReport = {
    ok,
    checks: [
      { name: 'Node', state: 'ok', detail: 'v24.1.0', advice: null },
      { name: 'data folder', state: 'broken', detail: 'No\nlinks\u001b[2J.', advice: null },
      { name: 'port', state: 'warning', detail: 'in use', advice: 'lorekeep serve --port 1' },
    ],
    hardware: hardwareOf(),
    recommendation: { model: 'm:1', quantization: 'Q4_K_M', range: '7B', reason: 'It fits.' },
  };
  const service = fakeAdministration({
    doctor: async (projects) => {
      asked.push(projects);
      return report;
    },
  });
  return { asked, report, service };
}

describe('doctor', () => {
  test('prints one line a check, with what to type, then the model', async () => {
    const { service, asked } = doctor(false);
    const { status, stdout } = await runWith(['doctor', '-p', 'shop'], service);
    expect(stdout).toBe(
      'ok       Node         v24.1.0\n' +
        'broken   data folder  No\\nlinks\\x1b[2J.\n' +
        'warning  port         in use  → lorekeep serve --port 1\n' +
        '\nFor this machine  m:1 at Q4_K_M (7B). It fits.\n',
    );
    expect(status).toBe(1);
    expect(asked).toEqual([{ currentFolder: '/code/shop', named: ['shop'] }]);
  });

  test.each([true, false])('with --json prints the report, and the status is the same (ok: %s)', async (ok) => {
    const { service, report } = doctor(ok);
    const { status, stdout } = await runWith(['doctor', '--json'], service);
    expect(JSON.parse(stdout)).toEqual(report);
    expect(status).toBe(ok ? 0 : 1);
  });

  test('takes no words', async () => {
    expect((await runWith(['doctor', 'me'], doctor(true).service)).status).toBe(2);
  });
});
