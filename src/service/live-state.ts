import type { LiveState } from '../core/live.ts';
import type { ProjectSummary } from '../verbs/reports.ts';

/** What the process that keeps a project's index current says of itself; null, since none says anything yet. */
export function liveStateOf(_project: ProjectSummary): LiveState | null {
  return null;
}
