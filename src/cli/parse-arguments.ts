import { parseArgs } from 'node:util';
import { ServiceError } from '../core/errors.ts';
import type { Flag, Invocation } from './command.ts';
import { flagText } from './command.ts';
import { nearest } from './nearest.ts';

/** Reads the words after a command's name. Errors: `request_invalid`, naming the flag and the help that lists them. */
export function parseArguments(command: string, words: readonly string[], flags: readonly Flag[]): Invocation {
  const known = new Map(flags.map((flag) => [flag.name, flag]));
  const options = Object.fromEntries(
    flags.map((flag) => [
      flag.name,
      {
        type: flag.value ? ('string' as const) : ('boolean' as const),
        multiple: true,
        ...(flag.short ? { short: flag.short } : {}),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = known.get(token.name);
    if (flag === undefined) throw unknownFlag(command, token.rawName, flags);
    values.set(flag.name, [...(values.get(flag.name) ?? []), valueOf(command, flag, token)]);
  }
  return { positionals, flags: values };
}

interface OptionToken {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function valueOf(command: string, flag: Flag, token: OptionToken): string {
  if (flag.value === undefined) {
    if (token.value === undefined) return '';
    throw new ServiceError('request_invalid', `${token.rawName} takes no value. ${helpHint(command)}`);
  }
  // `--limit --json` is a forgotten value; one that starts with a dash is written --limit=-x.
  const forgotten =
    token.value === undefined || (token.inlineValue !== true && token.value.startsWith('-') && token.value !== '-');
  if (forgotten || token.value === '') {
    throw new ServiceError(
      'request_invalid',
      `${token.rawName} needs a value: ${token.rawName} ${flag.value}. ${helpHint(command)}`,
    );
  }
  return token.value ?? '';
}

function unknownFlag(command: string, given: string, flags: readonly Flag[]): ServiceError {
  const close = nearest(
    given.replace(/^-+/, ''),
    flags.map((flag) => flag.name),
  );
  const advice = close === null ? '' : ` Did you mean --${close}?`;
  return new ServiceError(
    'request_invalid',
    `Unknown option ${given}.${advice} ${helpHint(command)} Text that starts with a dash goes after --.`,
  );
}

function helpHint(command: string): string {
  return `\`lorekeep ${command} --help\` lists the options.`;
}

/** A whole number flag within bounds. Errors: `request_invalid`. */
export function flagNumber(
  invocation: Invocation,
  name: string,
  bounds: { fallback: number; min: number; max: number },
): number {
  const text = flagText(invocation, name);
  if (text === undefined) return bounds.fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= bounds.min && value <= bounds.max) return value;
  throw new ServiceError(
    'request_invalid',
    `--${name} must be a whole number from ${bounds.min} to ${bounds.max}, not "${text}".`,
  );
}
