import type { Config } from '../../config-options.ts';
import type { FlagValues } from '../../config.ts';
import { currentNumber, indexBytes } from '../../store/index-place.ts';
import type { ProjectKeeper } from '../../verbs/gateway/project-keeper.ts';
import type { ServedProjects } from '../../verbs/gateway/served.ts';
import type { ProjectSummary } from '../../verbs/reports.ts';
import { status } from '../../verbs/status.ts';
import { WatchKeeper } from './watch-keeper.ts';
import { ServedIndexes } from './served-indexes.ts';

/** How the service was started, for the process that keeps indexes current. */
export interface IndexingStart {
  readonly flags: FlagValues;
  /** The program, to be run once more. */
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
  const keeper = new WatchKeeper({
    projects: projects.map(({ name, root, indexFolder }) => ({
      name,
      root,
      isIndexed: currentNumber(indexFolder) !== null,
    })),
    entry,
    flags,
    now: () => performance.now(),
  });
  keeper.start();
  const stateOf: ServedProjects['states'] = (names) =>
    Promise.all(
      projects
        .filter(({ name }) => names.includes(name))
        .map(async (project) => {
          const index = await indexes.index(project.name);
          const diskBytes = indexBytes(project.indexFolder);
          const kept = keeper.state(project.name);
          const { live } = kept;
          const report = index === null ? null : status({ project, catalogue: index.catalogue, diskBytes, live });
          return { name: project.name, root: project.root, ...kept, status: report };
        }),
    );
  return {
    served: {
      names: () => projects.map(({ name }) => name),
      ready: (names) => indexes.ready(names),
      states: stateOf,
      reindex: (name) => keeper.reindex(name),
      look: (name, paths) => keeper.look(name, paths),
    },
    keeper,
    async close() {
      await keeper.close();
      await indexes.close();
    },
  };
}
