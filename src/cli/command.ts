import type { FlagValues } from '../config.ts';
import type { Service } from '../service.ts';
import type { Terminal } from './terminal.ts';

/** One flag of a command. */
export interface Flag {
  /** Without dashes. */
  readonly name: string;
  /** One letter, without the dash. */
  readonly short?: string;
  /** How help shows the value, for example `<n>`; absent for a switch. */
  readonly value?: string;
  /** May be given more than once; otherwise the last one counts. */
  readonly repeatable?: boolean;
  readonly summary: string;
}

/** What the words of a command line mean. */
export interface Invocation {
  readonly positionals: readonly string[];
  /** Values by flag name, in order; a switch has one empty value. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** What a command may use. Everything outside itself comes from here. */
export interface CommandContext {
  readonly invocation: Invocation;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Version of Lorekeep. */
  readonly version: () => string;
  /** Absolute path of the current folder. */
  readonly currentFolder: string;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
  /** Lines of standard input, until it ends or the signal says so. */
  readonly lines: (signal: AbortSignal) => AsyncIterable<string>;
  /** Options of Lorekeep that were given as flags. */
  readonly configFlags: FlagValues;
  /** Loads and wires the service; closed by whoever runs the command. */
  readonly openService: () => Promise<Service>;
}

/** A command: what help says of it, and what it does. */
export interface Command {
  readonly name: string;
  /** What follows the name, for example `<question>`. */
  readonly parameters: string;
  readonly summary: string;
  /** A paragraph or two for `--help`. */
  readonly description: string;
  readonly flags: readonly Flag[];
  readonly examples: readonly (readonly [command: string, does: string])[];
  /** True for one that runs until a signal stops it: then that is its ordinary end, with status 0. */
  readonly runsUntilStopped?: boolean;
  /** Errors are thrown as ServiceError. A number is an exit status that is no error; nothing means 0. */
  run(context: CommandContext): Promise<number | void>;
}

/** Commands that share their first word, such as `keys list` and `keys create`. */
export interface CommandGroup {
  /** The first word. */
  readonly name: string;
  readonly summary: string;
  /** A sentence for the page that lists the commands. */
  readonly description: string;
  /** By the second word; the `name` of each is both words. */
  readonly commands: Readonly<Record<string, Command>>;
}

/** What a first word stands for. */
export type CommandOrGroup = Command | CommandGroup;

/** True for a first word that a second one must follow. */
export function isGroup(command: CommandOrGroup): command is CommandGroup {
  return 'commands' in command;
}

/** True when a switch is given. */
export function hasFlag(invocation: Invocation, name: string): boolean {
  return invocation.flags.has(name);
}

/** Last value of a flag, undefined when it is not given. */
export function flagText(invocation: Invocation, name: string): string | undefined {
  return invocation.flags.get(name)?.at(-1);
}

/** All values of a repeatable flag. */
export function flagList(invocation: Invocation, name: string): readonly string[] {
  return invocation.flags.get(name) ?? [];
}
