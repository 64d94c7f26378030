import type { Service } from '../service.ts';
import type { ProjectSelection } from '../verbs/reports.ts';
import type { CommandContext } from './command.ts';
import { runIndexing } from './run-indexing.ts';

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
