import { resolve } from 'node:path';
import { watchOptions } from '../../../config-indexing.ts';
import type { Service } from '../../../service.ts';
import { flagList, hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { configFlags, everyCommand, projectFlag } from '../../common-flags.ts';
import { atMostOne } from '../../question.ts';
import { readCommands } from './read-commands.ts';
import { WatchPage } from './watch-page.ts';

/** `lorekeep watch`: keep indexes current while files change. */
export const watchCommand: Command = {
  name: 'watch',
  parameters: '[folder]',
  summary: 'Keep the index of a folder current while its files change.',
  description:
    'Keeps the index of a folder (the current one by default) current: what is saved can be found a moment later, from any process.\n' +
    'A folder without an index is indexed first. It runs until Ctrl-C or SIGTERM, and then ends with 0.',
  flags: [
    { ...projectFlag, summary: 'Project to watch, by name or folder; may be given several times.' },
    { name: 'commands', summary: 'Take commands as lines of JSON on standard input, and end with it; for a program.' },
    ...configFlags(...watchOptions),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep watch', 'the current folder'],
    ['lorekeep watch -p shop -p ~/work/bank', 'two projects'],
    ['lorekeep watch --json', 'a line of JSON for each thing that happens'],
  ],
  runsUntilStopped: true,
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal, signal } = context;
  const service = await context.openService();
  const folders = await foldersToWatch(service, context);
  const asJson = hasFlag(invocation, 'json');
  const hasParent = hasFlag(invocation, 'commands');
  const page = new WatchPage(terminal, context.now);
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  try {
    await service.watch(
      { folders, purpose: hasParent ? 'serve' : 'watch' },
      {
        signal: stop,
        // A program that has this one as its child waits for what others write, and hears of what fails.
        isPatient: hasParent,
        onEvent: (event) => (asJson ? terminal.write(`${JSON.stringify(event)}\n`) : page.show(event)),
        ...(hasParent && { commands: readCommands(context.lines(stop), () => ended.abort()) }),
      },
    );
  } finally {
    page.end();
  }
}

async function foldersToWatch(
  service: Service,
  { invocation, currentFolder }: CommandContext,
): Promise<readonly string[]> {
  const folder = atMostOne('watch', invocation);
  const named = flagList(invocation, 'project');
  if (folder !== undefined)
    return [resolve(currentFolder, folder), ...(await foldersOf(service, currentFolder, named))];
  return named.length === 0
    ? [await service.folderOf({ currentFolder, named: [] })]
    : foldersOf(service, currentFolder, named);
}

function foldersOf(service: Service, currentFolder: string, named: readonly string[]): Promise<readonly string[]> {
  return Promise.all(named.map((name) => service.folderOf({ currentFolder, named: [name] })));
}
