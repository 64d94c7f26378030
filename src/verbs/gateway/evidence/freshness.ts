import { readFile, stat } from 'node:fs/promises';
import { pathBytesOf } from '../../../../indexer/walk/path-name.ts';
import type { CatalogueReader } from '../../../core/catalogue.ts';
import type { Freshness } from '../../../core/gateway/exchange.ts';
import { sha256 } from '../../../core/hash.ts';
import type { Citation } from '../../../core/retrieval.ts';

/** A project whose files can be compared with its index. */
export interface CheckedProject {
  readonly name: string;
  readonly root: string;
  readonly catalogue: CatalogueReader;
}

/** What became of the files behind some places. */
export interface FileStates {
  readonly freshness: Freshness;
  /** `project\0path` of files that are no longer there: their code must not be shown. */
  readonly gone: ReadonlySet<string>;
  /** Names of the projects whose index is behind their files. */
  readonly stale: ReadonlySet<string>;
}

/** Looks at each file behind some places once: has it changed since it was indexed, is it still there? */
export async function checkFreshness(
  projects: readonly CheckedProject[],
  places: readonly Citation[],
): Promise<FileStates> {
  const files = new Map(places.map(({ project, path }) => [fileKey(project, path), { project, path }]));
  const changed: string[] = [];
  const gone = new Set<string>();
  const stale = new Set<string>();
  await Promise.all(
    Array.from(files, async ([key, { project: name, path }]) => {
      const project = projects.find((one) => one.name === name);
      const state = project === undefined ? 'unknown' : await fileState(project, path);
      if (state === 'gone') gone.add(key);
      if (state === 'same' || state === 'unknown') return;
      changed.push(path);
      stale.add(name);
    }),
  );
  const runs = projects.map(({ catalogue }) => catalogue.lastCompletedRun());
  const isComplete = runs.every((run) => run !== null);
  const indexedAt = isComplete ? (runs.toSorted()[0] ?? null) : null;
  return {
    freshness: { isCurrent: isComplete && changed.length === 0, changed: changed.sort(), indexedAt },
    gone,
    stale,
  };
}

/** Names a file among those of all projects. */
export function fileKey(project: string, path: string): string {
  return `${project}\0${path}`;
}

async function fileState(project: CheckedProject, path: string): Promise<'same' | 'changed' | 'gone' | 'unknown'> {
  const record = project.catalogue.file(path);
  // Read for this request alone, or dropped from the index a moment ago.
  if (record === null) return 'unknown';
  try {
    const absolute = Buffer.concat([Buffer.from(`${project.root}/`), pathBytesOf(path)]);
    const now = await stat(absolute, { bigint: true });
    if (Number(now.size) !== record.stat.bytes) return 'changed';
    if (now.mtimeNs === record.stat.mtimeNs) return 'same';
    // Touched, checked out anew, or written so shortly before it was indexed that its time proves nothing.
    return sha256(await readFile(absolute)) === record.hash ? 'same' : 'changed';
  } catch {
    return 'gone';
  }
}
