import { randomUUID } from 'node:crypto';
import { loadConfig } from '../../../config.ts';
import type { ResolvedConfig } from '../../../config.ts';
import { toServiceError } from '../../../core/errors.ts';
import type { HttpParts } from '../../../http/http-parts.ts';
import type { RunningServer } from '../../../http/server.ts';
import type { Service } from '../../../service.ts';
import type { ServedParts } from '../../../verbs/gateway/served.ts';
import { flagList, hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { configFlags, everyCommand, projectFlag } from '../../common-flags.ts';
import { oneLine } from '../../terminal-text.ts';
import { addressesOf, addressLines } from './addresses.ts';
import { listenOptions } from './listen-options.ts';
import { reportProjects } from './project-states.ts';
import { requestLine } from './request-line.ts';

/** Images and long conversations fit; a body is read into memory whole. */
const maxBodyBytes = 16_000_000;

/** `lorekeep serve`: the projects behind the protocols of Ollama, OpenAI and Anthropic. */
export const serveCommand: Command = {
  name: 'serve',
  parameters: '',
  summary: 'Answer the clients of Ollama, OpenAI and Anthropic, with the code of projects.',
  description:
    'Serves projects to programs that speak the protocol of Ollama, OpenAI or Anthropic, and to browsers.\n' +
    'Projects without an index are indexed, and all are kept up to date; meanwhile answers come from what is there.\n' +
    'The first start makes a key and prints it once. Ctrl-C or SIGTERM lets requests end for up to 10 seconds, then exits with 0.',
  flags: [
    { ...projectFlag, summary: 'Project to serve instead of the current folder; may be given several times.' },
    { name: 'no-auth', summary: 'Serve without keys. On this machine only.' },
    { name: 'verbose', short: 'v', summary: 'Print a line for each request on standard error.' },
    {
      name: 'print-systemd-unit',
      summary: 'Print a unit for systemd that runs this command with few rights, and end.',
    },
    ...configFlags(
      'listenPort',
      'listenHost',
      'tlsCert',
      'tlsKey',
      'apiKeyFile',
      'serverNames',
      'allowedOrigins',
      'model',
      'modelUrl',
      'modelAliases',
      'generatorUrl',
      'allowedHosts',
      'generationSlots',
      'queueLength',
      'requestsPerMinute',
      'reconcileSeconds',
      'answerCacheBytes',
      'auditContents',
      'modelIdleTimeoutMs',
      'modelTotalTimeoutMs',
    ),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep serve', 'the current folder, on 127.0.0.1'],
    ['lorekeep serve -p ~/work/shop -p ~/work/bank --port 8080', 'two projects, on another port'],
    ['lorekeep serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem', 'for other machines, too'],
    ['lorekeep serve --print-systemd-unit > lorekeep.service', 'to start it with the machine'],
  ],
  runsUntilStopped: true,
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal, signal } = context;
  const config = await loadConfig({ flags: context.configFlags });
  const service = await context.openService();
  const folders = await foldersToServe(service, context);
  if (hasFlag(invocation, 'print-systemd-unit')) {
    const { unitOf } = await import('./unit-of.ts');
    terminal.write(unitOf(config, folders, context.configFlags));
    return;
  }
  // What is wrong with the address is told before anything is opened or indexed.
  listenOptions(config);
  const served = await service.serve({ folders, allowAnonymous: hasFlag(invocation, 'no-auth') });
  try {
    const server = await start(served, config, context);
    try {
      await announce(server, served, context);
      const reporting = reportProjects(served.gateway, terminal, signal).catch((error: unknown) =>
        terminal.note(oneLine(toServiceError(error).message)),
      );
      await stopAsked(signal);
      terminal.note('Stopping: requests have up to 10 seconds to end. A second Ctrl-C ends at once.');
      await reporting;
    } finally {
      // Also after a failure: a server that goes on listening would keep the process alive without what it stands on.
      if (!(await server.close()))
        terminal.note('Some requests were ended before they were answered; their clients were told.');
    }
  } finally {
    await served.close();
  }
}

/** The folders named; else the current one; else, where that is none to index unasked, all that have an index. */
async function foldersToServe(
  service: Service,
  { invocation, currentFolder }: CommandContext,
): Promise<readonly string[]> {
  const named = flagList(invocation, 'project');
  if (named.length > 0) return Promise.all(named.map((name) => service.folderOf({ currentFolder, named: [name] })));
  try {
    await service.foldersWithoutIndex({ currentFolder, named: [] });
    return [await service.folderOf({ currentFolder, named: [] })];
  } catch (error) {
    const projects = await service.listProjects();
    if (toServiceError(error).code !== 'not_indexed' || projects.length === 0) throw error;
    return projects.map(({ root }) => root);
  }
}

async function start(served: ServedParts, config: ResolvedConfig, context: CommandContext): Promise<RunningServer> {
  const { invocation, terminal, version } = context;
  const { host, port, tls, hosts } = listenOptions(config);
  const { startServer } = await import('../../../http/server.ts');
  const { protocols } = await import('../../../http/protocols.ts');
  const { loadPage } = await import('../../../web/page.ts');
  const parts: HttpParts = {
    gateway: served.gateway,
    gatekeeper: served.gatekeeper,
    audit: served.audit,
    version: version(),
    hosts,
    origins: config.values.allowedOrigins,
    maxBodyBytes,
    auditContents: config.values.auditContents === 'all',
    now: () => new Date(),
    newId: randomUUID,
  };
  return startServer({
    parts,
    host,
    port,
    tls,
    protocols,
    page: loadPage(),
    allowAnonymous: hasFlag(invocation, 'no-auth'),
    clock: context.now,
    onFailure: (error, { id }) => terminal.note(oneLine(`${id}: ${error.code}: ${error.message}`)),
    ...(hasFlag(invocation, 'verbose') ? { onRequest: (trace) => terminal.note(requestLine(trace)) } : {}),
  });
}

async function announce(server: RunningServer, served: ServedParts, context: CommandContext): Promise<void> {
  const { invocation, terminal } = context;
  const firstKey = await served.makeFirstKey();
  const addresses = addressesOf(server.url, firstKey);
  for (const notice of [...served.notices, ...server.notices]) terminal.note(terminal.styleNote('yellow', notice));
  if (hasFlag(invocation, 'json')) {
    terminal.write(`${JSON.stringify({ url: server.url, port: server.port, key: firstKey, addresses })}\n`);
    return;
  }
  terminal.write(`${terminal.style('bold', `Lorekeep listens on ${server.url}`)}\n\n`);
  terminal.write(`${addressLines(addresses, firstKey).join('\n')}\n\n`);
  if (firstKey !== null) terminal.write('The key is shown this once. `lorekeep keys create <name>` makes more.\n');
  else if (hasFlag(invocation, 'no-auth')) terminal.write('No key is needed: whoever can use this machine can ask.\n');
  else
    terminal.write(
      'A key is needed. `lorekeep keys list` shows those there are, `lorekeep keys create <name>` makes one.\n',
    );
}

function stopAsked(signal: AbortSignal): Promise<void> {
  const asked = Promise.withResolvers<void>();
  if (signal.aborted) asked.resolve();
  signal.addEventListener('abort', () => asked.resolve(), { once: true });
  return asked.promise;
}
