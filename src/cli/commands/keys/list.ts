import { hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { everyCommand } from '../../common-flags.ts';
import { noWords } from '../../question.ts';
import { oneLine } from '../../terminal-text.ts';
import { scopeOf } from './key-text.ts';

/** `lorekeep keys list`: whose keys there are. */
export const listKeysCommand: Command = {
  name: 'keys list',
  parameters: '',
  summary: 'List the keys, without the keys themselves.',
  description: 'Lists the keys by id, which is how each begins, with what they may do and when they end.',
  flags: everyCommand,
  examples: [
    ['lorekeep keys list', 'all keys'],
    ['lorekeep keys list --json', 'for a program'],
  ],
  run,
};

async function run({ invocation, terminal, openService }: CommandContext): Promise<void> {
  noWords('keys list', invocation);
  const service = await openService();
  const keys = await (await service.administration().keys()).list();
  if (hasFlag(invocation, 'json')) {
    terminal.write(`${JSON.stringify({ keys })}\n`);
    return;
  }
  const widest = Math.max(0, ...keys.map(({ name }) => oneLine(name).length));
  for (const key of keys) {
    const scope = key.isExpired ? terminal.style('yellow', scopeOf(key)) : scopeOf(key);
    terminal.write(`${key.id}…  ${terminal.style('bold', oneLine(key.name).padEnd(widest))}  ${scope}\n`);
  }
  if (keys.length === 0) terminal.note('There are no keys yet. `lorekeep keys create <name>` makes one.');
}
