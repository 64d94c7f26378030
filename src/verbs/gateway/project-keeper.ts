import type { KeptState } from '../watch/watch-events.ts';

/** Keeps indexes current in the background. */
export interface ProjectKeeper {
  state(project: string): KeptState;
  /** Has all files of a project compared with its index soon. */
  reindex(project: string): void;
  /** Has files looked at that may have changed, by project-relative paths. */
  look(project: string, paths: readonly string[]): void;
  close(): Promise<void>;
}
