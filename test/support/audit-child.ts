import { openAuditLog } from '../../src/audit/audit-log.ts';
import type { AuditEvent } from '../../src/core/gateway/trace.ts';

// A process of its own that appends to an audit log: `<folder> <name> <count>`; a count of 0 goes on until it is killed.
const [folder = '', name = '', count = '0'] = process.argv.slice(2);
const log = openAuditLog({ folder, now: () => new Date(), maxFileBytes: 200_000 });

function event(number: number): AuditEvent {
  return { action: 'test', at: new Date().toISOString(), details: { name, number, filling: 'x'.repeat(200) } };
}

if (count === '0') {
  for (let number = 1; ; number += 100) {
    for (let i = 0; i < 100; i++) log.append(event(number + i));
    await log.flush();
    // What is said here is on disk.
    process.stdout.write(`${number + 99}\n`);
  }
} else {
  for (let number = 1; number <= Number(count); number++) {
    log.append(event(number));
    if (number % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await log.flush();
  await log.close();
  process.stdout.write('done\n');
}
