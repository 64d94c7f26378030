import { openIndexForWriting } from '../../src/store/index-folder.ts';
import { ProjectRegistry } from '../../src/store/project-registry.ts';
import { lockForWriting } from '../../src/store/writer-lock.ts';
import { indexedFile } from './indexed-file.ts';

// A process of its own for store tests: does one thing, says so on standard output, and stays until its input ends.
const [task, folder = '', ...rest] = process.argv.slice(2);
const keepOpen: unknown[] = [];

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
  case undefined:
  default:
    throw new Error(`Unknown task ${task}`);
}
process.stdin.resume();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
