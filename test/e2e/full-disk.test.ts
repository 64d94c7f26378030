import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createSandbox } from '../support/cli-process.ts';
import { smallDisk, smallDiskLeftOut } from '../support/small-disk.ts';

const disk = smallDisk(128);
if (disk === null) process.stdout.write(`${smallDiskLeftOut}\n`);
const sandbox = createSandbox();
afterAll(() => {
  sandbox.remove();
  disk?.remove();
});

test.skipIf(disk === null)(
  'on a full disk questions are answered, indexing says why it cannot, and then it can',
  async () => {
    const { folder: data, fill, free } = disk!;
    const shop = sandbox.copyProject('shop');
    const lorekeep = (...words: string[]) => sandbox.run(shop, ...words, '--data', data, '--json');
    expect(await lorekeep('index')).toMatchObject({ status: 0 });
    fill();
    const found = await lorekeep('search', 'overdue invoices', '-n', '1');
    expect(JSON.parse(found.stdout)).toMatchObject({ hits: [{ path: 'billing/dunning.py' }] });
    expect(await lorekeep('ask', 'Who is reminded of overdue invoices?')).toMatchObject({ status: 0 });
    expect(await lorekeep('status')).toMatchObject({ status: 0 });
    writeFileSync(join(shop, 'zebra.ts'), 'export function zebraStripes() {}\n');
    const failed = await lorekeep('index');
    expect(failed.status).toBe(1);
    const { error } = JSON.parse(failed.stdout) as { error: { message: string } };
    expect(error.message).toMatch(/ is full\. Free some space|There is no room/);
    free();
    expect(await lorekeep('index')).toMatchObject({ status: 0 });
    const later = await lorekeep('search', 'zebraStripes', '-n', '1');
    expect(JSON.parse(later.stdout)).toMatchObject({ hits: [{ path: 'zebra.ts' }] });
  },
);
