import { ServiceError, toServiceError } from '../core/errors.ts';
import type { FlagValues } from '../config.ts';
import type { Service } from '../service.ts';
import { hasFlag } from './command.ts';
import type { Command } from './command.ts';
import { configValues } from './common-flags.ts';
import { exitStatuses } from './exit-codes.ts';
import type { Interrupts } from './interrupts.ts';
import { nearest } from './nearest.ts';
import { parseArguments } from './parse-arguments.ts';
import { manyLines, oneLine } from './terminal-text.ts';
import type { Terminal } from './terminal.ts';

/** Each command's module is loaded when it is asked for. */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  index: async () => (await import('./commands/index.ts')).indexCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  ask: async () => (await import('./commands/ask.ts')).askCommand,
  eval: async () => (await import('./commands/eval.ts')).evalCommand,
  projects: async () => (await import('./commands/projects.ts')).projectsCommand,
  remove: async () => (await import('./commands/remove.ts')).removeCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
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
  openService(flags: FlagValues): Promise<Service>;
}

/** Runs one command line and returns the exit status. Never throws, never prints a stack trace unless asked to. */
export async function runCli(words: readonly string[], world: CliWorld): Promise<number> {
  const asJson = words.includes('--json');
  try {
    const [name, ...rest] = words;
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') await printHelp(rest[0], world);
    else if (name === '--version' || name === '-v' || name === 'version') world.terminal.write(`${world.version()}\n`);
    else await runCommand(await loadCommand(name), rest, world);
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

async function loadCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (load !== undefined) return load();
  const close = nearest(name, Object.keys(loaders));
  const advice = close === null ? '' : ` Did you mean \`lorekeep ${close}\`?`;
  throw new ServiceError('request_invalid', `There is no command "${name}".${advice} \`lorekeep help\` lists them.`);
}

async function runCommand(command: Command, words: readonly string[], world: CliWorld): Promise<void> {
  const invocation = parseArguments(command.name, words, command.flags);
  if (hasFlag(invocation, 'help')) return printHelp(command.name, world);
  const services: Service[] = [];
  const configFlags = configValues(invocation);
  try {
    await command.run({
      invocation,
      configFlags,
      terminal: world.terminal,
      signal: world.interrupts.signal,
      currentFolder: world.currentFolder(),
      now: world.now,
      openService: async () => {
        const service = await world.openService(configFlags);
        services.push(service);
        return service;
      },
    });
  } finally {
    await Promise.all(services.map((service) => service.close()));
  }
}

async function printHelp(topic: string | undefined, world: CliWorld): Promise<void> {
  const { commandHelp, generalHelp } = await import('./help.ts');
  if (topic !== undefined && !topic.startsWith('-')) {
    world.terminal.write(commandHelp(await loadCommand(topic), world.terminal));
    return;
  }
  const commands = await Promise.all(Object.keys(loaders).map(loadCommand));
  world.terminal.write(generalHelp(commands, world.terminal));
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
