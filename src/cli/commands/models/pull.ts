import { hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { configFlags, everyCommand } from '../../common-flags.ts';
import { exactlyOne } from '../../question.ts';
import { modelWatch } from './model-progress.ts';
import { printModel } from './show.ts';

/** `lorekeep models pull`: the one command by which something comes from the internet, through Ollama. */
export const pullModelCommand: Command = {
  name: 'models pull',
  parameters: '<model> --from-internet',
  summary: 'Have Ollama download a model from the internet.',
  description:
    'Has Ollama download a model from the internet (from ollama.com, or the host that the name begins with).\n' +
    'Lorekeep itself downloads nothing, and no code is sent. Without --from-internet the command is refused.\n' +
    'On a machine without internet, copy a GGUF file or a folder of safetensors there and use `lorekeep models create`.',
  flags: [
    { name: 'from-internet', summary: 'Yes, Ollama may download this model from the internet.' },
    ...configFlags('modelUrl', 'allowedHosts'),
    ...everyCommand,
  ],
  examples: [['lorekeep models pull deepseek-coder:6.7b --from-internet', 'about 3.8 GB']],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal } = context;
  const model = exactlyOne('models pull', invocation, 'the name of a model, such as deepseek-coder:6.7b');
  const service = await context.openService();
  const watch = modelWatch(context, `Pulling ${model}`);
  try {
    const request = { model, fromInternet: hasFlag(invocation, 'from-internet') };
    const pulled = await (await service.administration().models()).pull(request, watch);
    watch.end();
    if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(pulled)}\n`);
    else printModel(pulled, terminal);
  } finally {
    watch.end();
  }
}
