import { ServiceError } from '../../core/errors.ts';
import type { AuditArchive, AuditLine } from '../../core/gateway/audit-archive.ts';
import { flagText, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { everyCommand } from '../common-flags.ts';
import { nearest } from '../nearest.ts';
import { flagNumber } from '../parse-arguments.ts';
import { atMostOne } from '../question.ts';
import { byteSize, count, counted, oneLine } from '../terminal-text.ts';

type Action = (context: CommandContext, archive: AuditArchive) => Promise<void>;
const actions: Readonly<Record<string, Action>> = { verify, head, show };

/** `lorekeep audit`: what the service has noted, and whether that is still as it was written. */
export const auditCommand: Command = {
  name: 'audit',
  parameters: '<verify|head|show>',
  summary: 'Check or show what the service has noted of every request.',
  description:
    '`verify` checks every line of the audit log: a line that was changed, dropped, moved or cut off is found and named.\n' +
    'Somebody who can write all its files could write a whole new log. Therefore keep what `head` prints on another\n' +
    'machine now and then, and give it to `verify --head`: then a log without that line is found, too.\n' +
    '`show` prints the last lines; with --json as they were written, one a line.',
  flags: [
    {
      name: 'head',
      value: '<hash>',
      summary: 'Hash that `lorekeep audit head` has printed; that line must still be there.',
    },
    { name: 'last', value: '<n>', summary: 'How many lines to show (default 20).' },
    { name: 'ecs', summary: 'Show JSON under the names of the Elastic Common Schema and of OpenTelemetry.' },
    ...everyCommand,
  ],
  examples: [
    ['lorekeep audit verify', 'is the log as it was written?'],
    ['lorekeep audit head', 'what to keep elsewhere'],
    ['lorekeep audit show --last 50', 'the latest requests'],
    ['lorekeep audit show --last 1000 --ecs', 'for a collector of logs'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const name = atMostOne('audit', context.invocation);
  const action = name !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    const close = name === undefined ? null : nearest(name, Object.keys(actions));
    const advice = close === null ? '' : ` Did you mean \`lorekeep audit ${close}\`?`;
    throw new ServiceError('request_invalid', `Say what to do: lorekeep audit verify, head or show.${advice}`);
  }
  const service = await context.openService();
  await action(context, await service.administration().audit());
}

async function verify({ invocation, terminal, signal, now }: CommandContext, archive: AuditArchive): Promise<void> {
  const kept = flagText(invocation, 'head');
  if (kept !== undefined && !/^[0-9a-f]{64}$/i.test(kept))
    throw new ServiceError('request_invalid', '--head takes the 64 digits that `lorekeep audit head` prints.');
  const startedAt = now();
  const report = await archive.verify({ signal, ...(kept === undefined ? {} : { head: kept }) });
  const { problem, lines, files, bytes, head: end, unfinishedBytes } = report;
  if (problem !== null) {
    const place = problem.line === null ? problem.file : `${problem.file}, line ${count(problem.line)}`;
    const before = `The ${counted(lines, 'line')} before are as they were written.`;
    throw new ServiceError(
      'store_failed',
      `The audit log is not as it was written. ${place}: ${problem.reason} ${before}`,
    );
  }
  if (hasFlag(invocation, 'json')) return terminal.write(`${JSON.stringify(report)}\n`);
  const rate = `${byteSize(bytes)} in ${counted(files, 'file')}, ${((now() - startedAt) / 1000).toFixed(1)} s`;
  terminal.write(`The audit log is as it was written: ${counted(lines, 'line')} (${rate}).\n`);
  terminal.write(`  head  ${end.hash}\n`);
  if (unfinishedBytes > 0)
    terminal.note('Its last line is not complete: it is being written, or the service was killed and will note it.');
  if (kept === undefined)
    terminal.note('A log that was written anew as a whole shows only with --head and a hash that was kept elsewhere.');
}

async function head({ invocation, terminal }: CommandContext, archive: AuditArchive): Promise<void> {
  const { sequence, hash } = await archive.head();
  terminal.write(hasFlag(invocation, 'json') ? `${JSON.stringify({ sequence, hash })}\n` : `${hash}\n`);
}

async function show({ invocation, terminal }: CommandContext, archive: AuditArchive): Promise<void> {
  const lines = await archive.last(flagNumber(invocation, 'last', { fallback: 20, min: 1, max: 100_000 }));
  if (hasFlag(invocation, 'ecs'))
    for (const line of lines) terminal.write(`${JSON.stringify(archive.withCommonNames(line))}\n`);
  else if (hasFlag(invocation, 'json')) for (const line of lines) terminal.write(`${JSON.stringify(line)}\n`);
  else for (const line of lines) terminal.write(`${oneLine(row(line))}\n`);
  if (lines.length === 0) terminal.note('The audit log holds no lines yet.');
}

/** When, who, what, and how it ended. Values come from requests, so a caller makes them safe to print. */
function row({ at, action, details }: AuditLine): string {
  const text = (name: string): string => {
    const value = details[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  if (action !== 'request') return `${at}  ${action}  ${JSON.stringify(details)}`;
  const sent = Array.isArray(details['sent']) ? counted(details['sent'].length, 'span') : '';
  const tokens = text('promptTokens') === '' ? '' : `${text('promptTokens')} + ${text('outputTokens')} tokens`;
  const end = `${text('status')} ${text('error')} ${text('durationMs')} ms`.replace(/ +/g, ' ').trim();
  const cache = text('cache') === 'hit' ? 'from the cache' : '';
  const parts = [text('keyName') || '-', `${text('method')} ${text('route')}`, text('model'), text('decision'), sent];
  return [at, ...parts, tokens, cache, end].filter((part) => part !== '').join('  ');
}
