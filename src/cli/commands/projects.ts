import { hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { everyCommand } from '../common-flags.ts';
import { byteSize, counted, oneLine } from '../terminal-text.ts';

/** `lorekeep projects`: everything that is indexed. */
export const projectsCommand: Command = {
  name: 'projects',
  parameters: '',
  summary: 'List the projects that have an index.',
  description: 'Lists the projects that have an index, with their folders and sizes.',
  flags: everyCommand,
  examples: [
    ['lorekeep projects', 'all projects'],
    ['lorekeep projects --json', 'for a program'],
  ],
  run,
};

async function run({ invocation, terminal, openService }: CommandContext): Promise<void> {
  const service = await openService();
  const projects = await service.listProjects();
  if (hasFlag(invocation, 'json')) {
    terminal.write(`${JSON.stringify({ projects })}\n`);
    return;
  }
  for (const project of projects) {
    const size = project.totals === null ? '' : `${counted(project.totals.files, 'file')}, `;
    terminal.write(`${terminal.style('bold', oneLine(project.name))}  ${oneLine(project.root)}\n`);
    terminal.write(
      `  ${size}${byteSize(project.diskBytes)} on disk, last run ${project.lastCompletedRun ?? 'not finished'}\n`,
    );
    if (project.problem !== null) terminal.write(`  ${terminal.style('yellow', oneLine(project.problem))}\n`);
  }
  if (projects.length === 0) terminal.note('No project has an index yet. Run `lorekeep index` in a folder with code.');
}
