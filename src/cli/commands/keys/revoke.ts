import { hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { everyCommand } from '../../common-flags.ts';
import { exactlyOne } from '../../question.ts';
import { oneLine } from '../../terminal-text.ts';

/** `lorekeep keys revoke`: a key lets nobody in any more. */
export const revokeKeyCommand: Command = {
  name: 'keys revoke',
  parameters: '<id>',
  summary: 'Make a key invalid, for a running service within a second.',
  description:
    'Makes a key invalid, by the id that `lorekeep keys list` shows. A running service refuses it within a second.',
  flags: everyCommand,
  examples: [['lorekeep keys revoke lk_3q2-7wAB', 'by its id']],
  run,
};

async function run({ invocation, terminal, openService }: CommandContext): Promise<void> {
  const id = exactlyOne('keys revoke', invocation, 'the id of a key; `lorekeep keys list` shows them');
  const service = await openService();
  // As the list shows it, the id may be followed by an ellipsis.
  const { revoked, notices } = await (await service.administration().keys()).revoke(id.replace(/…$/, ''));
  for (const notice of notices) terminal.note(terminal.styleNote('yellow', oneLine(notice)));
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify({ revoked, notices })}\n`);
  else terminal.write(`The key "${oneLine(revoked.name)}" (${revoked.id}) is no longer valid.\n`);
}
