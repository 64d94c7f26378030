import type { Service } from '../service.ts';
import type { ProjectSelection } from '../verbs/reports.ts';
import { flagText, hasFlag } from './command.ts';
import type { CommandContext, Flag } from './command.ts';
import { flagNumber } from './parse-arguments.ts';
import { runIndexing } from './run-indexing.ts';

const seconds = { fallback: 10, min: 1, max: 3_600 } as const;

/** Flags of commands that can wait until an index is current. */
export const currentFlags: readonly Flag[] = [
  { name: 'current', summary: 'First wait until all changed files can be found, or say which wait.' },
  { name: 'current-seconds', value: '<n>', summary: 'How long to wait at most (default 10). Means --current, too.' },
];

/** Indexes the folders among the selected projects that have no index yet, so that a first question just works. */
export async function ensureIndexed(
  service: Service,
  projects: ProjectSelection,
  context: CommandContext,
): Promise<void> {
  for (const folder of await service.foldersWithoutIndex(projects)) {
    context.terminal.note(`${folder} has no index yet; making one (once).`);
    await runIndexing(service, { folder }, context);
    context.signal.throwIfAborted();
  }
}

/** Brings the selected projects up to date when that is asked for; returns a sentence for each that is not. */
export async function bringCurrent(
  service: Service,
  projects: ProjectSelection,
  { invocation, signal }: CommandContext,
): Promise<readonly string[]> {
  if (!hasFlag(invocation, 'current') && flagText(invocation, 'current-seconds') === undefined) return [];
  return service.bringUpToDate(projects, { seconds: flagNumber(invocation, 'current-seconds', seconds), signal });
}
