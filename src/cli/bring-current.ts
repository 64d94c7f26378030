import type { Service } from '../service.ts';
import type { ProjectSelection } from '../verbs/reports.ts';
import { flagText, hasFlag } from './command.ts';
import type { CommandContext, Flag } from './command.ts';
import { flagNumber } from './parse-arguments.ts';

const seconds = { fallback: 10, min: 1, max: 3_600 } as const;

/** Flags of commands that can wait until an index is current. */
export const currentFlags: readonly Flag[] = [
  { name: 'current', summary: 'First wait until all changed files can be found, or say which wait.' },
  { name: 'current-seconds', value: '<n>', summary: 'How long to wait at most (default 10). Means --current, too.' },
];

/** Brings the selected projects up to date when that is asked for; returns a sentence for each that is not. */
export async function bringCurrent(
  service: Service,
  projects: ProjectSelection,
  { invocation, signal }: CommandContext,
): Promise<readonly string[]> {
  if (!hasFlag(invocation, 'current') && flagText(invocation, 'current-seconds') === undefined) return [];
  return service.bringUpToDate(projects, { seconds: flagNumber(invocation, 'current-seconds', seconds), signal });
}
