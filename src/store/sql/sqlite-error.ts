import { ServiceError } from '../../core/errors.ts';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that tell a caller apart what to do. */
export const resultCodes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** SQLITE_IOERR_SHMSIZE: there is no room for the memory that readers and writers share. */
const noRoomToShare = 4874;

/** SQLite's error about a file, as an error that says what to do; `ifDamaged` is the advice for a damaged file. */
export function translated(error: unknown, path: string, ifDamaged: string): ServiceError {
  const told = (code: 'index_incompatible' | 'index_busy' | 'store_failed', message: string): ServiceError =>
    new ServiceError(code, message, { cause: error });
  if (isDamaged(error)) return told('index_incompatible', `${path} is damaged. ${ifDamaged}`);
  if (isDiskFull(error))
    return told('store_failed', `The disk that holds ${path} is full. Free some space and try again.`);
  switch (primaryCode(error)) {
    case resultCodes.busy:
    case resultCodes.locked:
      return told('index_busy', `${path} is in use by another process. Try again in a moment.`);
    case resultCodes.readOnly:
      return told('store_failed', `${path} cannot be written. Check the permissions of its folder.`);
    case undefined:
    default: {
      const message = error instanceof Error ? error.message : String(error);
      return told('store_failed', `${path} could not be used: ${message}.`);
    }
  }
}

/** True when the error says that the file is damaged or no database at all. */
export function isDamaged(error: unknown): boolean {
  const code = primaryCode(error);
  return code === resultCodes.corrupt || code === resultCodes.notADatabase;
}

/** True when the error says that there is no room on the disk. */
function isDiskFull(error: unknown): boolean {
  return primaryCode(error) === resultCodes.full || extendedCode(error) === noRoomToShare;
}

/** SQLite's primary result code: the low byte of the extended one. Undefined for an error of something else. */
export function primaryCode(error: unknown): number | undefined {
  const code = extendedCode(error);
  return code === undefined ? undefined : code & 0xff;
}

function extendedCode(error: unknown): number | undefined {
  const told: unknown = error instanceof ServiceError ? error.cause : error;
  if (!(told instanceof Error) || !('errcode' in told) || typeof told.errcode !== 'number') return undefined;
  return told.errcode;
}
