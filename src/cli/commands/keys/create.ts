import { flagList, flagText, hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { everyCommand } from '../../common-flags.ts';
import { exactlyOne } from '../../question.ts';
import { oneLine } from '../../terminal-text.ts';
import { scopeOf } from './key-text.ts';

/** `lorekeep keys create`: a new key for somebody. */
export const createKeyCommand: Command = {
  name: 'keys create',
  parameters: '<name>',
  summary: 'Make a key. It is shown once.',
  description:
    'Makes a key for a caller of `lorekeep serve` and prints it. Only its digest is kept, so it cannot be shown again.\n' +
    'To change a key, make a second one, hand it out, and revoke the first.',
  flags: [
    { name: 'admin', summary: 'May also change models, indexes and keys.' },
    {
      name: 'project',
      short: 'p',
      value: '<name>',
      repeatable: true,
      summary: 'Project that it may read; may be given several times. All projects without it.',
    },
    { name: 'expires', value: '<30d|date>', summary: 'When it ends: after days, or at a date such as 2030-01-31.' },
    ...everyCommand,
  ],
  examples: [
    ['lorekeep keys create alice', 'for a person'],
    ['lorekeep keys create ci --project shop --expires 90d', 'for a program that reads one project'],
    ['lorekeep keys create me --admin --json', 'for a program that manages models'],
  ],
  run,
};

async function run({ invocation, terminal, openService }: CommandContext): Promise<void> {
  const name = exactlyOne('keys create', invocation, 'a name for the key');
  const service = await openService();
  const { notices, ...created } = await (
    await service.administration().keys()
  ).create({
    name,
    projects: flagList(invocation, 'project'),
    isAdmin: hasFlag(invocation, 'admin'),
    expires: flagText(invocation, 'expires') ?? null,
  });
  for (const notice of notices) terminal.note(terminal.styleNote('yellow', oneLine(notice)));
  if (hasFlag(invocation, 'json')) {
    terminal.write(`${JSON.stringify({ ...created, notices })}\n`);
    return;
  }
  terminal.note(`Made the key "${oneLine(created.name)}" (${scopeOf(created)}). It is not shown again:`);
  terminal.write(`${created.key}\n`);
}
