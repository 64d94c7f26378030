import type { CatalogueReader } from '../../core/catalogue.ts';
import type { LiveState } from '../../core/live.ts';
import type { FilesNow } from './files-now.ts';

/** A project whose files can be compared with its index. */
export interface CheckedProject {
  readonly name: string;
  /** Absolute path of its folder. */
  readonly root: string;
  readonly catalogue: CatalogueReader;
  readonly files: FilesNow;
  /** What the process that keeps the index current says; null where there is none. */
  liveState(): LiveState | null;
}

/** Names a file among those of all projects. */
export function fileKey({ project, path }: { readonly project: string; readonly path: string }): string {
  return `${project}\0${path}`;
}
