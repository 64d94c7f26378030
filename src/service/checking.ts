import type { Config } from '../config-options.ts';
import { readLiveState } from '../store/live-state.ts';
import type { ProjectSummary } from '../verbs/reports.ts';
import type { CheckedProject } from '../verbs/verify/checked-project.ts';
import { FilesNow } from '../verbs/verify/files-now.ts';
import type { Rechunker } from './rechunking.ts';

/** What comparing the files of a project with its index takes. */
export function checkingOf(
  project: ProjectSummary,
  { maxCodeBytes, maxDataBytes }: Config,
  { rechunk }: Rechunker,
): Pick<CheckedProject, 'files' | 'liveState'> {
  const limits = { maxCodeBytes, maxDataBytes };
  return {
    files: new FilesNow({ root: project.root, limits, rechunk, now: () => Date.now() }),
    liveState: () => readLiveState(project.indexFolder),
  };
}
