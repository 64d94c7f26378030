import type { ModelDetails } from '../../../core/gateway/model-library.ts';
import { hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { configFlags, everyCommand } from '../../common-flags.ts';
import { exactlyOne } from '../../question.ts';
import { count, manyLines, oneLine } from '../../terminal-text.ts';
import type { Terminal } from '../../terminal.ts';

/** `lorekeep models show`: what is known of one model. */
export const showModelCommand: Command = {
  name: 'models show',
  parameters: '<model>',
  summary: 'Show what Ollama knows of a model.',
  description: 'Shows size, quantisation, context, abilities, parameters, system text and template of a model.',
  flags: [...configFlags('modelUrl', 'allowedHosts'), ...everyCommand],
  examples: [
    ['lorekeep models show deepseek-coder:6.7b', 'one model'],
    ['lorekeep models show deepseek-coder:6.7b --json', 'for a program, with the licence'],
  ],
  run,
};

async function run({ invocation, terminal, signal, openService }: CommandContext): Promise<void> {
  const name = exactlyOne('models show', invocation, 'the name of a model; `lorekeep models list` shows them');
  const service = await openService();
  const model = await (await service.administration().models()).show(name, signal);
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(model)}\n`);
  else printModel(model, terminal);
}

/** Facts of a model, one a line; longer texts stand below. */
export function printModel(model: ModelDetails, terminal: Terminal): void {
  const row = (label: string, text: string): void => {
    if (text !== '') terminal.write(`  ${terminal.style('dim', label.padEnd(14))}${oneLine(text)}\n`);
  };
  const tokens = (value: number | null, unit: string): string => (value === null ? '' : `${count(value)} ${unit}`);
  terminal.write(`${terminal.style('bold', oneLine(model.name))}\n`);
  row('family', model.family);
  row('parameters', model.parameterSize);
  row('quantisation', model.quantization);
  row('context', tokens(model.contextTokens, 'tokens'));
  row('embedding', tokens(model.embeddingLength, 'dimensions'));
  row('abilities', model.capabilities.join(', '));
  row('licence', model.license.trim().split('\n')[0]?.trim() ?? '');
  for (const [label, text] of [
    ['settings', model.parameters],
    ['system', model.system],
    ['template', model.template],
  ] as const) {
    if (text === '') continue;
    terminal.write(`  ${terminal.style('dim', label)}\n`);
    for (const line of manyLines(text.trimEnd()).split('\n')) terminal.write(`    ${line}\n`);
  }
}
