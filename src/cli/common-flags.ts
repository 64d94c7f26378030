import { optionTable } from '../config-options.ts';
import type { OptionName } from '../config-options.ts';
import type { FlagValues } from '../config.ts';
import type { Flag, Invocation } from './command.ts';

/** Flags that every command has. */
export const everyCommand: readonly Flag[] = [
  { name: 'json', summary: 'Print one JSON object instead of text.' },
  { name: 'data', value: '<folder>', summary: optionTable.dataFolder.summary },
  { name: 'debug', summary: 'Show the causes of a failure.' },
  { name: 'help', short: 'h', summary: 'Show this page.' },
];

export const projectFlag: Flag = {
  name: 'project',
  short: 'p',
  value: '<name|folder>',
  repeatable: true,
  summary: 'Project to use instead of the current folder; may be given several times.',
};

const valueNames: Partial<Record<OptionName, string>> = {
  modelUrl: '<url>',
  allowedHosts: '<host>',
  model: '<name>',
  embedder: '<name>',
  embedderUrl: '<url>',
  generatorUrl: '<url>',
  modelAliases: '<name=model>',
  listenHost: '<address>',
  tlsCert: '<file>',
  tlsKey: '<file>',
  apiKeyFile: '<file>',
  serverNames: '<host>',
  allowedOrigins: '<origin>',
  auditContents: '<hashes|all>',
};

/** The flags of some configuration options, as the option table describes them. */
export function configFlags(...options: readonly OptionName[]): Flag[] {
  return options.flatMap((option) => {
    const { flag, kind, summary } = optionTable[option];
    return flag === null
      ? []
      : [{ name: flag, value: valueNames[option] ?? '<n>', repeatable: kind === 'list', summary }];
  });
}

/** The configuration options among the flags given. */
export function configValues(invocation: Invocation): FlagValues {
  const values: FlagValues = {};
  for (const [option, spec] of Object.entries(optionTable)) {
    const given = spec.flag === null ? undefined : invocation.flags.get(spec.flag);
    if (given !== undefined) values[option as OptionName] = given;
  }
  return values;
}
