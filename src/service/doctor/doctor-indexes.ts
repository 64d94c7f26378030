import { toServiceError } from '../../core/errors.ts';
import { brokenFiles, type ExaminedIndex } from '../../verbs/doctor/index-health.ts';
import type { StatusReport } from '../../verbs/reports.ts';
import type { AdministrationWiring } from '../administration.ts';
import type { DoctorIndexes } from '../doctor.ts';
import { countFolders } from './watch-limits.ts';

/** All indexes for the doctor to look at; `current` names the project at hand, null for none. */
export function doctorIndexes(
  wiring: Pick<AdministrationWiring, 'projectNames' | 'open' | 'status'>,
  current: string | null,
): DoctorIndexes {
  const { projectNames, open } = wiring;
  const names = projectNames();
  const examined = (name: string): ExaminedIndex => ({
    name,
    status: () => statusOf(name, wiring),
    brokenFiles: async () => {
      const { catalogue, store } = open(name);
      return brokenFiles(catalogue, store);
    },
  });
  return {
    current: async () => ((await hasIndex(current, wiring)) ? examined(current!) : null),
    others: names.filter((name) => name !== current).map(examined),
    largestBytes: async () =>
      Math.max(0, ...(await readable(names, async (name) => (await statusOf(name, wiring)).diskBytes))),
    folders: async () => {
      const counts = await readable(names, async (name) => countFolders(open(name).catalogue.paths()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

function statusOf(name: string, { status }: Pick<AdministrationWiring, 'status'>): Promise<StatusReport> {
  return status({ currentFolder: '/', named: [name] });
}

/** A project whose first run failed early has a name and no index. */
async function hasIndex(name: string | null, wiring: Pick<AdministrationWiring, 'status'>): Promise<boolean> {
  if (name === null) return false;
  try {
    await statusOf(name, wiring);
    return true;
  } catch (error) {
    // What else is wrong with it, its own line says.
    return toServiceError(error).code !== 'not_indexed';
  }
}

/** What each index tells that can be read; what is wrong with the others, their own lines say. */
async function readable<T>(names: readonly string[], ask: (name: string) => Promise<T>): Promise<readonly T[]> {
  const asked = await Promise.allSettled(names.map(ask));
  return asked.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}
