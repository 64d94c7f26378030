import type { ExplainReport } from '../../verbs/explain.ts';
import { flagList, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { configFlags, everyCommand, projectFlag } from '../common-flags.ts';
import { ensureIndexed } from '../ensure-indexed.ts';
import { flagNumber } from '../parse-arguments.ts';
import { placeOf, tellFreshness } from '../places.ts';
import { questionOf } from '../question.ts';
import { oneLine } from '../terminal-text.ts';
import type { Terminal } from '../terminal.ts';

/** `lorekeep explain`: whether a message needs the project's code, and what would be looked at. */
export const explainCommand: Command = {
  name: 'explain',
  parameters: '<message>',
  summary: 'Show whether a message needs code of this project, why, and what would be looked at.',
  description:
    'Decides for a message whether code of the project has to be looked up (one symbol,\n' +
    'a search, or files that it names) or not at all, and says why. No model is asked.',
  flags: [
    { name: 'limit', short: 'n', value: '<n>', summary: 'How many places to show (default 5).' },
    {
      name: 'history',
      value: '<message>',
      repeatable: true,
      summary: 'What was said before, oldest first; may be given several times.',
    },
    projectFlag,
    ...configFlags('embedderUrl', 'modelUrl', 'allowedHosts', 'modelIdleTimeoutMs'),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep explain "where are passwords checked?"', 'needs the project'],
    ['lorekeep explain "用Go实现一个快速排序算法"', 'does not'],
    ['lorekeep explain "and where is it called?" --history "what does charge() do"', 'a follow-up'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal, signal } = context;
  const request = {
    question: questionOf('explain', invocation),
    history: flagList(invocation, 'history'),
    limit: flagNumber(invocation, 'limit', { fallback: 5, min: 1, max: 100 }),
  };
  const projects = { currentFolder: context.currentFolder, named: flagList(invocation, 'project') };
  const service = await context.openService();
  await ensureIndexed(service, projects, context);
  const report = await service.explain(projects, request, signal);
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(report)}\n`);
  else print(report, terminal);
}

const routeTexts = {
  none: 'No code of this project is needed.',
  symbol: 'One symbol of this project is looked up.',
  hybrid: 'The project is searched.',
  files: 'The files that it names are read.',
} as const;

function print({ route, found }: ExplainReport, terminal: Terminal): void {
  const sure = `${Math.round(100 * route.confidence)} % sure`;
  terminal.write(`${terminal.style('bold', routeTexts[route.kind])} ${oneLine(route.reason)} (${sure})\n`);
  for (const path of route.files) terminal.write(`  ${oneLine(path)}\n`);
  if (found === null || route.kind === 'files') return;
  for (const hit of found.hits) terminal.write(`  ${placeOf(hit, false)}  ${oneLine(hit.name)}\n`);
  for (const notice of found.notices) terminal.note(oneLine(notice));
  tellFreshness(terminal, found.freshness);
}
