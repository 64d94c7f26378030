import { ServiceError, toServiceError } from '../core/errors.ts';
import type { FlagValues } from '../config.ts';
import type { Service } from '../service.ts';
import { hasFlag, isGroup } from './command.ts';
import type { Command, CommandGroup, CommandOrGroup } from './command.ts';
import { configValues } from './common-flags.ts';
import { exitStatuses } from './exit-codes.ts';
import type { Interrupts } from './interrupts.ts';
import { nearest } from './nearest.ts';
import { parseArguments } from './parse-arguments.ts';
import { manyLines, oneLine } from './terminal-text.ts';
import type { Terminal } from './terminal.ts';

/** Each command's module is loaded when it is asked for. */
const loaders: Readonly<Record<string, () => Promise<CommandOrGroup>>> = {
  index: async () => (await import('./commands/index.ts')).indexCommand,
  watch: async () => (await import('./commands/watch/watch.ts')).watchCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  ask: async () => (await import('./commands/ask.ts')).askCommand,
  eval: async () => (await import('./commands/eval.ts')).evalCommand,
  projects: async () => (await import('./commands/projects.ts')).projectsCommand,
  remove: async () => (await import('./commands/remove.ts')).removeCommand,
  models: async () => (await import('./commands/models/models.ts')).modelsCommands,
  keys: async () => (await import('./commands/keys/keys.ts')).keysCommands,
  serve: async () => (await import('./commands/serve/serve.ts')).serveCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
};

/** All that a run needs from the process it runs in. */
export interface CliWorld {
  readonly terminal: Terminal;
  readonly interrupts: Interrupts;
  readonly debug: boolean;
  readonly now: () => number;
  currentFolder(): string;
  version(): string;
  /** Lines of standard input, until it ends or the signal says so. */
  lines(signal: AbortSignal): AsyncIterable<string>;
  openService(flags: FlagValues): Promise<Service>;
}

/** Runs one command line and returns the exit status. Never throws, never prints a stack trace unless asked to. */
export async function runCli(words: readonly string[], world: CliWorld): Promise<number> {
  const asJson = words.includes('--json');
  try {
    const [name, ...rest] = words;
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') await printHelp(rest, world);
    else if (name === '--version' || name === '-v' || name === 'version') world.terminal.write(`${world.version()}\n`);
    else return await runWords(await loadCommand(name), rest, world);
    return world.interrupts.status ?? 0;
  } catch (thrown) {
    const error = toServiceError(thrown);
    const { signal, status } = world.interrupts;
    // Nobody reads on: not a failure, and nobody is there to be told.
    if (error.code === 'aborted' && signal.aborted && status === null) return 0;
    report(error, { world, asJson, debug: world.debug || words.includes('--debug') });
    return status ?? exitStatuses[error.code];
  }
}

async function loadCommand(name: string): Promise<CommandOrGroup> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (load !== undefined) return load();
  const close = nearest(name, Object.keys(loaders));
  const advice = close === null ? '' : ` Did you mean \`lorekeep ${close}\`?`;
  throw new ServiceError('request_invalid', `There is no command "${name}".${advice} \`lorekeep help\` lists them.`);
}

/** Runs the command that the words name; returns the exit status. */
async function runWords(command: CommandOrGroup, words: readonly string[], world: CliWorld): Promise<number> {
  if (!isGroup(command)) return runCommand(command, words, world);
  const [word = '', ...rest] = words;
  if (word === '--help' || word === '-h') {
    await printHelp([command.name], world);
    return 0;
  }
  return runCommand(memberOf(command, word), rest, world);
}

/** The command of a group that a second word names. Errors: `request_invalid`. */
function memberOf(group: CommandGroup, word: string): Command {
  const member = Object.hasOwn(group.commands, word) ? group.commands[word] : undefined;
  if (member !== undefined) return member;
  const names = Object.keys(group.commands);
  const close = nearest(word, names);
  const advice =
    close === null ? `It is followed by ${names.join(', ')}.` : `Did you mean \`lorekeep ${group.name} ${close}\`?`;
  const problem =
    word === '' || word.startsWith('-')
      ? `lorekeep ${group.name} needs a second word.`
      : `There is no command "${group.name} ${word}".`;
  throw new ServiceError('request_invalid', `${problem} ${advice}`);
}

async function runCommand(command: Command, words: readonly string[], world: CliWorld): Promise<number> {
  const invocation = parseArguments(command.name, words, command.flags);
  if (hasFlag(invocation, 'help')) {
    await printHelp(command.name.split(' '), world);
    return 0;
  }
  const services: Service[] = [];
  const configFlags = configValues(invocation);
  try {
    const status = await command.run({
      invocation,
      configFlags,
      terminal: world.terminal,
      signal: world.interrupts.signal,
      version: () => world.version(),
      lines: (signal) => world.lines(signal),
      currentFolder: world.currentFolder(),
      now: world.now,
      openService: async () => {
        const service = await world.openService(configFlags);
        services.push(service);
        return service;
      },
    });
    return command.runsUntilStopped === true ? 0 : (world.interrupts.status ?? status ?? 0);
  } finally {
    await Promise.all(services.map((service) => service.close()));
  }
}

async function printHelp(words: readonly string[], world: CliWorld): Promise<void> {
  const { commandHelp, generalHelp, groupHelp } = await import('./help.ts');
  const { terminal } = world;
  const [topic, member] = words.filter((word) => !word.startsWith('-'));
  if (topic === undefined) {
    const commands = await Promise.all(Object.keys(loaders).map(loadCommand));
    terminal.write(generalHelp(commands, terminal));
    return;
  }
  const command = await loadCommand(topic);
  if (!isGroup(command)) terminal.write(commandHelp(command, terminal));
  else if (member === undefined) terminal.write(groupHelp(command, terminal));
  else terminal.write(commandHelp(memberOf(command, member), terminal));
}

interface ReportOptions {
  readonly world: CliWorld;
  readonly asJson: boolean;
  readonly debug: boolean;
}

function report(error: ServiceError, { world, asJson, debug }: ReportOptions): void {
  const { terminal } = world;
  terminal.setLiveLine(null);
  if (asJson) terminal.write(`${JSON.stringify({ error: { code: error.code, message: error.message } })}\n`);
  terminal.note(`${terminal.styleNote('red', 'lorekeep:')} ${error.message.split('\n').map(oneLine).join('\n')}`);
  if (!debug) return;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    terminal.note(manyLines(cause.stack ?? cause.message));
  }
}
