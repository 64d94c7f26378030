import type { CommandGroup } from '../../command.ts';
import { createKeyCommand } from './create.ts';
import { listKeysCommand } from './list.ts';
import { revokeKeyCommand } from './revoke.ts';

/** `lorekeep keys …`: who may ask the service. */
export const keysCommands: CommandGroup = {
  name: 'keys',
  summary: 'Make, list and revoke the keys of callers of the service.',
  description: 'Keys say who may ask `lorekeep serve`, and about which projects.',
  commands: { create: createKeyCommand, list: listKeysCommand, revoke: revokeKeyCommand },
};
