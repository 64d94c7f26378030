import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { LocalFile, ModelRecipe } from '../../core/gateway/model-library.ts';
import { localFiles } from './local-files.ts';
import { parseModelfile } from './modelfile.ts';

const maxModelfileBytes = 1_000_000;

/**
 * What a Modelfile makes, with its paths looked up from its own folder. Errors: `source_unreadable`, `request_invalid` with
 * the line that is wrong or the path that is missing.
 */
export function readRecipe(path: string, home: string): ModelRecipe {
  const modelfile = parseModelfile(readModelfile(path));
  const places = { folder: dirname(path), home };
  const files: LocalFile[] = [];
  let from: string | null = null;
  for (const value of modelfile.from) {
    const found = localFiles(value, places);
    if (found === null) from = value;
    else files.push(...found);
  }
  const adapters = modelfile.adapters.flatMap((value) => {
    const found = localFiles(value, places);
    if (found !== null) return found;
    throw new ServiceError('request_invalid', `ADAPTER ${value} is no file or folder beside the Modelfile.`);
  });
  const { quantize, template, system, licenses, parameters, messages } = modelfile;
  return { from, files, adapters, quantize, template, system, licenses, parameters, messages };
}

function readModelfile(path: string): string {
  try {
    if (statSync(path).size > maxModelfileBytes) throw new RangeError(`more than ${maxModelfileBytes} bytes`);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `The Modelfile ${path} cannot be read: ${(cause as Error).message}. Name it with -f.`;
    throw new ServiceError('source_unreadable', message, { cause });
  }
}
