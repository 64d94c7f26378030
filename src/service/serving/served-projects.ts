import type { Config } from '../../config-options.ts';
import type { FlagValues } from '../../config.ts';
import { currentNumber, indexBytes } from '../../store/index-place.ts';
import type { ProjectKeeper } from '../../verbs/gateway/project-keeper.ts';
import type { ServedProjects } from '../../verbs/gateway/served.ts';
import type { ProjectSummary } from '../../verbs/reports.ts';
import { status } from '../../verbs/status.ts';
import { ProcessKeeper } from './process-keeper.ts';
import { ServedIndexes } from './served-indexes.ts';

/** How the service was started, for the processes that index. */
export interface IndexingStart {
  readonly flags: FlagValues;
  /** The program, to be run anew for each indexing. */
  readonly entry: string;
}

/** The projects of a running service, kept up to date. */
export interface OpenProjects {
  readonly served: ServedProjects;
  readonly keeper: ProjectKeeper;
  close(): Promise<void>;
}

/** Opens the projects' indexes, and begins to make and refresh them in the background. */
export function openProjects(
  projects: readonly ProjectSummary[],
  values: Config,
  { flags, entry }: IndexingStart,
): OpenProjects {
  const indexes = new ServedIndexes(projects, values);
  const keeper = new ProcessKeeper({
    projects: projects.map(({ name, root, indexFolder }) => ({
      name,
      root,
      isIndexed: currentNumber(indexFolder) !== null,
    })),
    entry,
    flags,
    reconcileSeconds: values.reconcileSeconds,
    now: () => performance.now(),
    // What is remembered of an index is kept by its revision; one that was replaced is opened anew with the next request.
    onChanged: () => undefined,
  });
  keeper.start();
  const stateOf: ServedProjects['states'] = (names) =>
    Promise.all(
      projects
        .filter(({ name }) => names.includes(name))
        .map(async (project) => {
          const index = await indexes.index(project.name);
          const diskBytes = indexBytes(project.indexFolder);
          const report = index === null ? null : status({ project, catalogue: index.catalogue, diskBytes });
          return { name: project.name, root: project.root, ...keeper.state(project.name), status: report };
        }),
    );
  return {
    served: {
      names: () => projects.map(({ name }) => name),
      ready: (names) => indexes.ready(names),
      states: stateOf,
      reindex: (name) => keeper.reindex(name),
      look: (name) => keeper.reindex(name),
    },
    keeper,
    async close() {
      await keeper.close();
      await indexes.close();
    },
  };
}
