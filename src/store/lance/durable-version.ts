import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { bootName } from '../disk/boot.ts';
import { syncFolder } from '../disk/private-folder.ts';
import type { TablePlace } from './table.ts';

/** What is known to be on the disk of a table. */
interface DurableVersion {
  /** Its latest version all files of which were flushed. */
  readonly version: number;
  /** When that was: see `bootName`. */
  readonly boot: string;
}

const noteName = 'durable.json';
/** Version 1 is named by the largest number of 64 bits less 1, so that the latest version comes first. */
const largestNumber = 2n ** 64n - 1n;

/** Remembers, so that a power cut does not take it, that a version of a table is on the disk with all its files. */
export function noteDurable({ folder }: TablePlace, version: number): void {
  const path = join(folder, noteName);
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify({ version, boot: bootName() } satisfies DurableVersion));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  syncFolder(folder);
}

/**
 * Versions of a table that a stop of the machine may have left without some of their bytes: made before it was started
 * last, and not known to be on the disk. What they hold lies in the journal, too. Errors: `index_incompatible` when the
 * version that is known to be on the disk is gone.
 */
export function doubtfulVersions(place: TablePlace): readonly string[] {
  const durable = readNote(place);
  if (durable === null || durable.boot === bootName()) return [];
  const manifests = manifestsOf(place);
  const isThere = manifests.some(({ version }) => version === durable.version);
  const doubtful = manifests.filter(({ version }) => version > durable.version).map(({ path }) => path);
  if (isThere) return doubtful;
  const message = `The machine stopped while ${place.folder} was tidied up. Run \`lorekeep index --rebuild\`.`;
  throw new ServiceError('index_incompatible', message);
}

/**
 * Takes versions back, as if they had never been made; readers of the same start of the machine must not have seen them.
 * Call it with the writer's lock. What they leave behind goes with the next tidying up.
 */
export function takeBack(place: TablePlace, versions: readonly string[]): void {
  for (const path of versions) rmSync(path, { force: true });
  syncFolder(versionsFolder(place));
}

function readNote({ folder }: TablePlace): DurableVersion | null {
  try {
    return JSON.parse(readFileSync(join(folder, noteName), 'utf8')) as DurableVersion;
  } catch {
    // None yet: a table notes its version with its first write.
    return null;
  }
}

function manifestsOf(place: TablePlace): readonly { readonly path: string; readonly version: number }[] {
  return namesIn(versionsFolder(place)).flatMap((name) => {
    const [, digits] = /^(\d+)\.manifest$/.exec(name) ?? [];
    if (digits === undefined) return [];
    const number = BigInt(digits);
    const version = Number(number > largestNumber / 2n ? largestNumber - number : number);
    return [{ path: join(versionsFolder(place), name), version }];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Without it there is no table, which the caller says.
    return [];
  }
}

function versionsFolder({ folder, table }: TablePlace): string {
  return join(folder, `${table}.lance`, '_versions');
}
