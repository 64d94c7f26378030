import { hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { configFlags, everyCommand } from '../../common-flags.ts';
import { exactlyOne } from '../../question.ts';
import { oneLine } from '../../terminal-text.ts';

/** `lorekeep models remove`: a model is deleted from the server. */
export const removeModelCommand: Command = {
  name: 'models remove',
  parameters: '<model>',
  summary: 'Delete a model from Ollama.',
  description: 'Deletes a model from Ollama. Weights that another model shares stay.',
  flags: [...configFlags('modelUrl', 'allowedHosts'), ...everyCommand],
  examples: [['lorekeep models remove our-coder:q4', 'by its name']],
  run,
};

async function run({ invocation, terminal, signal, openService }: CommandContext): Promise<void> {
  const model = exactlyOne('models remove', invocation, 'the name of a model; `lorekeep models list` shows them');
  const service = await openService();
  await (await service.administration().models()).remove(model, signal);
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify({ removed: model })}\n`);
  else terminal.write(`Deleted ${oneLine(model)} from Ollama.\n`);
}
