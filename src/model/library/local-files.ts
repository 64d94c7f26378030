import { globSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/gateway/model-library.ts';

/** Where the paths of a Modelfile are looked up. */
export interface FilePlaces {
  /** Folder of the Modelfile. */
  readonly folder: string;
  /** What `~` stands for. */
  readonly home: string;
}

/** Weights in the order they are looked for: the first kind that a folder has is the model. */
const weightPatterns = ['*.safetensors', 'pytorch_model*.bin', 'consolidated*.pth', '*.gguf', '*.bin'];

/**
 * The files behind a FROM or ADAPTER value: a file, or the weights and settings in a folder. Null where the value is no path of
 * this machine but a model's name. Errors: `request_invalid` for a path that is missing or holds no model,
 * `source_unreadable`.
 */
export function localFiles(value: string, places: FilePlaces): readonly LocalFile[] | null {
  const path = pathOf(value, places);
  const stat = translated(path, () => statSync(path, { throwIfNoEntry: false }));
  if (stat === undefined) {
    if (!looksLikePath(value)) return null;
    throw new ServiceError('request_invalid', `${path} does not exist. Correct the Modelfile.`);
  }
  return stat.isDirectory() ? filesOfFolder(path) : [{ name: basename(path), path }];
}

function pathOf(value: string, { folder, home }: FilePlaces): string {
  if (value === '~' || value.startsWith('~/')) return join(home, value.slice(1));
  return resolve(folder, value);
}

function looksLikePath(value: string): boolean {
  return /^[./~]/.test(value) || /\.(gguf|safetensors|bin)$/i.test(value);
}

function filesOfFolder(folder: string): readonly LocalFile[] {
  const find = (...patterns: readonly string[]): string[] =>
    translated(folder, () => globSync(patterns, { cwd: folder }));
  const weights = weightPatterns.map((pattern) => find(pattern)).find((found) => found.length > 0);
  if (weights === undefined) {
    throw new ServiceError('request_invalid', `${folder} holds no model: no .safetensors, .gguf, .bin or .pth file.`);
  }
  const settings = find('*.json', '*/*.json');
  const tokenizer = settings.includes('tokenizer.json') ? [] : find('tokenizer.model', '*/tokenizer.model').slice(0, 1);
  return [...weights, ...settings, ...tokenizer].toSorted().map((name) => fileWithin(folder, name));
}

/** A link that leads out of the folder is refused: it may name anything of this machine. */
function fileWithin(folder: string, name: string): LocalFile {
  const path = translated(join(folder, name), () => realpathSync(join(folder, name)));
  const within = relative(realpathSync(folder), path);
  if (within.startsWith('..') || isAbsolute(within)) {
    throw new ServiceError(
      'request_invalid',
      `${join(folder, name)} is a link to ${path}, outside of the model's folder. Copy the file there.`,
    );
  }
  return { name: name.split(sep).join('/'), path };
}

function translated<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause;
    const message = `${path} cannot be read (${(cause as Error).message}). Check its permissions.`;
    throw new ServiceError('source_unreadable', message, { cause });
  }
}
