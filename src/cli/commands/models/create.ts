import { resolve } from 'node:path';
import { flagText, hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { configFlags, everyCommand } from '../../common-flags.ts';
import { exactlyOne } from '../../question.ts';
import { modelWatch } from './model-progress.ts';
import { printModel } from './show.ts';

/** `lorekeep models create`: a model from files of this machine, or from another model. */
export const createModelCommand: Command = {
  name: 'models create',
  parameters: '<model>',
  summary: 'Make a model from a Modelfile, quantized if asked.',
  description:
    'Makes a model in Ollama from a Modelfile: FROM (a model, a GGUF file, or a folder with safetensors), ADAPTER, TEMPLATE,\n' +
    'SYSTEM, PARAMETER, MESSAGE, LICENSE, and QUANTIZE (such as q4_K_M, q4_K_S or q8_0; from F16 or F32 weights only).\n' +
    'Files are sent to Ollama alone, and only those that it lacks. Nothing is downloaded.',
  flags: [
    { name: 'file', short: 'f', value: '<file>', summary: 'The Modelfile; default: Modelfile in the current folder.' },
    { name: 'quantize', short: 'q', value: '<type>', summary: 'Make the weights smaller, as a QUANTIZE line does.' },
    ...configFlags('modelUrl', 'allowedHosts'),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep models create our-coder -f Modelfile', 'as the Modelfile says'],
    ['lorekeep models create our-coder:q4 --quantize q4_K_M', 'a quarter of the size of F16'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal, currentFolder } = context;
  const model = exactlyOne('models create', invocation, 'a name for the model');
  const modelfile = resolve(currentFolder, flagText(invocation, 'file') ?? 'Modelfile');
  const service = await context.openService();
  const watch = modelWatch(context, `Creating ${model}`);
  try {
    const request = { model, modelfile, quantize: flagText(invocation, 'quantize') ?? null };
    const created = await (await service.administration().models()).create(request, watch);
    watch.end();
    if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(created)}\n`);
    else printModel(created, terminal);
  } finally {
    watch.end();
  }
}
