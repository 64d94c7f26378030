import { hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { configFlags, everyCommand } from '../../common-flags.ts';
import { noWords } from '../../question.ts';
import { byteSize, oneLine } from '../../terminal-text.ts';

/** `lorekeep models list`: what the server has. */
export const listModelsCommand: Command = {
  name: 'models list',
  parameters: '',
  summary: 'List the models that Ollama has.',
  description: 'Lists the models that Ollama has, with size, number of parameters and quantisation.',
  flags: [...configFlags('modelUrl', 'allowedHosts'), ...everyCommand],
  examples: [
    ['lorekeep models list', 'all models'],
    ['lorekeep models list --json', 'for a program'],
  ],
  run,
};

async function run({ invocation, terminal, signal, openService }: CommandContext): Promise<void> {
  noWords('models list', invocation);
  const service = await openService();
  const models = await (await service.administration().models()).list(signal);
  if (hasFlag(invocation, 'json')) {
    terminal.write(`${JSON.stringify({ models })}\n`);
    return;
  }
  const names = models.map(({ name }) => oneLine(name));
  const widest = Math.max(0, ...names.map((name) => name.length));
  for (const [index, model] of models.entries()) {
    const facts = [model.parameterSize, model.quantization, model.family].filter((fact) => fact !== '').map(oneLine);
    const name = terminal.style('bold', (names[index] ?? '').padEnd(widest));
    terminal.write(`${name}  ${byteSize(model.bytes).padStart(8)}  ${facts.join(' · ')}\n`);
  }
  if (models.length === 0) terminal.note('Ollama has no models yet. `lorekeep doctor` says which suits this machine.');
}
