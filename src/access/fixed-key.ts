import { readFileSync, statSync } from 'node:fs';
import type { Config } from '../config-options.ts';
import { ServiceError } from '../core/errors.ts';

/** The key that the configuration names. */
export interface FixedKey {
  /** Null where the configuration names none. */
  readonly key: string | null;
  /** Sentences for whoever runs the service. */
  readonly warnings: readonly string[];
}

const minLength = 24;
const maxFileBytes = 10_000;

/** Reads the fixed key from `apiKey` or `apiKeyFile`. Errors: `config_invalid`, which never quotes the key. */
export function readFixedKey({ apiKey, apiKeyFile }: Pick<Config, 'apiKey' | 'apiKeyFile'>): FixedKey {
  if (apiKey !== '' && apiKeyFile !== '') {
    throw new ServiceError('config_invalid', 'Both apiKey and apiKeyFile are set. Keep one of them.');
  }
  if (apiKeyFile === '') {
    return { key: apiKey === '' ? null : checked(apiKey, 'apiKey'), warnings: [] };
  }
  const { text, isShared } = readKeyFile(apiKeyFile);
  const warning = `Other users of this machine can read the key in ${apiKeyFile}. Run \`chmod 600\` on it.`;
  return { key: checked(text.trim(), apiKeyFile), warnings: isShared ? [warning] : [] };
}

function readKeyFile(path: string): { readonly text: string; readonly isShared: boolean } {
  try {
    const { mode, size } = statSync(path);
    if (size > maxFileBytes) throw new RangeError('too large for a key');
    // Windows has no such bits; its files are the user's own.
    const isShared = process.platform !== 'win32' && (mode & 0o077) !== 0;
    return { text: readFileSync(path, 'utf8'), isShared };
  } catch (cause) {
    const message = `The key file ${path} cannot be read: ${(cause as Error).message}. Correct apiKeyFile or the file.`;
    throw new ServiceError('config_invalid', message, { cause });
  }
}

function checked(key: string, place: string): string {
  const isSendable = /^[!-~]+$/.test(key);
  if (key.length >= minLength && isSendable) return key;
  const wanted = `at least ${minLength} ASCII letters, digits and signs, without blanks`;
  const message = `The key of ${place} must have ${wanted}. \`openssl rand -base64 32\` makes one.`;
  throw new ServiceError('config_invalid', message);
}
