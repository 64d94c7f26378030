import type { FileSystemKind } from '../../../indexer/watch/file-system-kind.ts';
import { broken, fine, sizeOf, warning } from './doctor-report.ts';
import type { Finding } from './doctor-report.ts';

/** How many folders and watchers Linux watches for a user. */
export interface WatchLimits {
  readonly watches: number;
  readonly instances: number;
}

/** What is to be watched, and what may be. */
export interface Watching {
  /** Folders of all projects. */
  readonly folders: number;
  /** Null where the system has no such limits. */
  readonly limits: WatchLimits | null;
}

const gigabyte = 1e9;
/** Tidying up an index makes it anew beside the old one. */
const bytesToTidy = 1.2;
/** Programs such as editors watch as well. */
const ownShare = 0.5;
const enoughInstances = 64;
const goodLimits = { watches: 1_048_576, instances: 1_024 };

/** Room for indexes; `largestIndexBytes` is the size of the largest. */
export function checkDisk(freeBytes: number, dataFolder: string, largestIndexBytes: number): Finding {
  const detail = `${sizeOf(freeBytes)} free in ${dataFolder}`;
  const advice = 'free some space, or choose another place with --data';
  if (freeBytes < 0.2 * gigabyte) return broken(detail, advice);
  const needed = largestIndexBytes * bytesToTidy;
  if (freeBytes < needed)
    return warning(`${detail}; the largest index needs ${sizeOf(needed)} to be tidied up`, advice);
  return freeBytes < 2 * gigabyte ? warning(detail, advice) : fine(detail);
}

/** The kind of disk that the data folder lies on. */
export function checkFileSystem({ name, isNetwork, reportsChanges }: FileSystemKind, dataFolder: string): Finding {
  const advice = 'choose a folder on a disk of this machine with --data';
  if (isNetwork)
    return warning(`${dataFolder} lies on ${name}: other machines that write there would damage indexes`, advice);
  if (!reportsChanges)
    return warning(`${dataFolder} lies on ${name}: locks may not hold there, and flushing is not certain`, advice);
  return fine(name === 'unknown' ? 'its kind is not told here; taken for local' : name);
}

/** Whether the system watches as many folders as the projects have. */
export function checkWatching({ folders, limits }: Watching): Finding {
  if (limits === null) return fine(`${folders} folders; the system sets no limit`);
  const detail = `${folders} folders of projects, the system watches ${limits.watches} for this user`;
  if (folders > limits.watches * ownShare)
    return warning(detail, `sudo sysctl fs.inotify.max_user_watches=${Math.max(goodLimits.watches, 4 * folders)}`);
  if (limits.instances < enoughInstances) {
    const few = `only ${limits.instances} programs of this user may watch at a time`;
    return warning(few, `sudo sysctl fs.inotify.max_user_instances=${goodLimits.instances}`);
  }
  return fine(detail);
}
