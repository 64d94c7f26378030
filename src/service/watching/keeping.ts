import { loadConfig } from '../../config.ts';
import type { FlagValues, ResolvedConfig } from '../../config.ts';
import type { IndexIdentity } from '../../core/catalogue.ts';
import { ServiceError, toServiceError } from '../../core/errors.ts';
import { embedderOption } from '../../store/index-identity.ts';
import { isAnswering } from '../../store/live/ask-writer.ts';
import type { Project, ProjectRegistry } from '../../store/project-registry.ts';
import { currentWriter, describeWriter } from '../../store/writer-lock.ts';
import type { WriterPurpose } from '../../store/writer-lock.ts';
import type { IndexSummary, ProjectSelection } from '../../verbs/reports.ts';
import { selectProjects } from '../../verbs/select-projects.ts';
import type { IndexControl } from '../indexing.ts';
import { bringCurrent, lagNotice } from './bring-current.ts';
import type { WatchControl } from './watch-projects.ts';

/** What to index. */
export interface IndexRequest {
  /** Absolute path. */
  readonly folder: string;
  readonly name?: string;
  /** Makes the index anew. */
  readonly rebuild?: boolean;
}

/** What to keep current. */
export interface WatchRequest {
  /** Absolute paths of the projects' folders; what has no index is indexed first. */
  readonly folders: readonly string[];
  readonly purpose: Exclude<WriterPurpose, 'index'>;
}

/** How long to wait for an index to be brought up to date. */
export interface CurrentRequest {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** What the service lends to what writes indexes. */
export interface KeepingParts {
  readonly flags: FlagValues;
  readonly registry: ProjectRegistry;
  /** Closes an index that is about to change; says what it was made by (null: not to be read), null when there is none. */
  takeDown(project: Project): Promise<{ readonly identity: IndexIdentity | null } | null>;
}

/** Makes or refreshes an index: in this process, or by the one that keeps it current. Errors: `index_busy` and those of the run. */
export async function index(parts: KeepingParts, request: IndexRequest, control: IndexControl): Promise<IndexSummary> {
  const config = await loadConfig({ flags: parts.flags, projectRoot: request.folder });
  const project = parts.registry.register(request.folder, request.name === undefined ? {} : { name: request.name });
  const here = (signal: AbortSignal): Promise<IndexSummary> =>
    indexHere(parts, { project, config, rebuild: request.rebuild ?? false }, { ...control, signal });
  if (request.rebuild === true) return here(control.signal);
  await requireSameEmbedder(parts, project, config);
  const summary = await bringCurrent({ project, timeoutMs: Infinity, signal: control.signal, index: here });
  if (summary !== null) return summary;
  throw new ServiceError('aborted', 'Stopped before it was finished.');
}

/** Brings the selected projects up to date, within a time; returns a sentence for each that is not. Errors: `aborted`. */
export async function bringUpToDate(
  parts: KeepingParts,
  selection: ProjectSelection,
  { seconds, signal }: CurrentRequest,
): Promise<readonly string[]> {
  const notices: string[] = [];
  for (const found of selectProjects(parts.registry, selection).projects) {
    const project = parts.registry.byName(found.name);
    if (project === null) continue;
    try {
      const config = await loadConfig({ flags: parts.flags, projectRoot: project.root });
      const here = (stop: AbortSignal): Promise<IndexSummary> =>
        indexHere(parts, { project, config, rebuild: false }, { signal: stop, onProgress: () => undefined });
      const summary = await bringCurrent({ project, timeoutMs: seconds * 1_000, signal, index: here });
      if (summary === null) notices.push(lagNotice(project, seconds));
    } catch (error) {
      signal.throwIfAborted();
      notices.push(`The index of ${project.name} was not brought up to date: ${toServiceError(error).message}`);
    }
  }
  return notices;
}

/** Keeps projects current until it is stopped. Errors: those of opening an index, unless it is patient. */
export async function watchFolders(parts: KeepingParts, request: WatchRequest, control: WatchControl): Promise<void> {
  const { watchProjects } = await import('./watch-projects.ts');
  const targets = await Promise.all(
    [...new Set(request.folders)].map(async (folder) => {
      const config = await loadConfig({ flags: parts.flags, projectRoot: folder });
      return { project: parts.registry.register(folder), config, purpose: request.purpose };
    }),
  );
  for (const { project } of targets) await parts.takeDown(project);
  await watchProjects(targets, control);
}

interface HereOptions {
  readonly project: Project;
  readonly config: ResolvedConfig;
  readonly rebuild: boolean;
}

async function indexHere(parts: KeepingParts, options: HereOptions, control: IndexControl): Promise<IndexSummary> {
  const { indexInto } = await import('../indexing.ts');
  const { project, ...rest } = options;
  const found = await parts.takeDown(project);
  return indexInto(project, { ...rest, made: found?.identity ?? null, exists: found !== null }, control);
}

/** Whoever keeps an index current does so with its own embedder: a run that asks for another one cannot join it. */
async function requireSameEmbedder(parts: KeepingParts, project: Project, config: ResolvedConfig): Promise<void> {
  const { values, origins } = config;
  if (origins.embedder === 'default' || !isAnswering(project.indexFolder)) return;
  const made = (await parts.takeDown(project))?.identity ?? null;
  const writer = currentWriter(project.indexFolder);
  if (writer === null || made === null || embedderOption(made.embedder) === values.embedder) return;
  const message = `${describeWriter(writer)} It was made with ${embedderOption(made.embedder)}; stop that process to index with ${values.embedder}.`;
  throw new ServiceError('index_busy', message);
}
