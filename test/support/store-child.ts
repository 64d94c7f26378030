import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { openIndexForWriting, type WritableIndex } from '../../src/store/index-folder.ts';
import { KeyFile } from '../../src/store/key-file.ts';
import { ProjectRegistry } from '../../src/store/project-registry.ts';
import { lockForWriting } from '../../src/store/writer-lock.ts';
import { freshRecord } from './fresh-record.ts';
import { churn } from './churn.ts';
import { indexedFile } from './indexed-file.ts';

// A process of its own for store tests: does one thing, says so on standard output, and stays until its input ends.
const [task, folder = '', ...rest] = process.argv.slice(2);
const keepOpen: unknown[] = [];
// What nothing refers to is collected, and a collected database has lost its lock: the listener refers to it until the end.
process.once('exit', () => keepOpen.splice(0));

switch (task) {
  case 'lock':
    keepOpen.push(lockForWriting(folder));
    say('locked');
    break;
  case 'register': {
    let ids = 0;
    const registry = new ProjectRegistry({ dataFolder: folder, newId: () => `${process.pid}-${ids++}` });
    say('ready');
    process.stdin.once('data', () => {
      say(JSON.stringify(rest.map((project) => registry.register(project).name)));
      registry.close();
    });
    break;
  }
  case 'write': {
    const index = await openIndexForWriting(folder, null);
    keepOpen.push(index);
    index.writer.record([indexedFile('a.ts', ['alpha']), indexedFile('b.ts', ['beta'])]);
    const batch = index.writer.nextBatch(1);
    if (batch) await index.store.write(batch);
    say('written');
    break;
  }
  case 'journal': {
    // Each line of input is one request as JSON; `done` when it is on the disk.
    const index = await openIndexForWriting(folder, null);
    keepOpen.push(index);
    say('ready');
    for await (const line of createInterface({ input: process.stdin })) {
      await journal(index, JSON.parse(line) as JournalRequest);
      say('done');
    }
    break;
  }
  case 'churn':
    await churn(folder, Number(rest[0]));
    break;
  case 'keys': {
    const keys = new KeyFile({ path: folder, now: () => performance.now(), newId: randomUUID });
    say('ready');
    process.stdin.once('data', () => {
      const records = Array.from({ length: 10 }, () => freshRecord());
      for (const record of records) keys.add(record);
      say(records.map(({ id }) => id).join(' '));
    });
    break;
  }
  case undefined:
  default:
    throw new Error(`Unknown task ${task}`);
}
process.stdin.resume();

interface JournalRequest {
  readonly record?: readonly { readonly path: string; readonly lines: readonly string[] }[];
  readonly remove?: readonly string[];
  /** Brings what is pending to the store. */
  readonly bring?: boolean;
}

async function journal(
  index: WritableIndex,
  { record = [], remove = [], bring = false }: JournalRequest,
): Promise<void> {
  if (record.length > 0) index.writer.record(record.map(({ path, lines }) => indexedFile(path, lines)));
  if (remove.length > 0) index.writer.remove(remove);
  for (let batch = index.writer.nextBatch(1000); bring && batch !== null; batch = index.writer.nextBatch(1000)) {
    await index.store.write(batch);
    index.writer.stored(batch);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
