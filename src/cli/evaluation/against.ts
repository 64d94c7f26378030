import { optionTable } from '../../config-options.ts';
import type { FlagValues } from '../../config.ts';
import { ServiceError } from '../../core/errors.ts';
import { indexOptions } from '../../verbs/evaluation/evaluation-report.ts';
import { nearest } from '../nearest.ts';

/** The settings that `--against <option>=<value>` names, null when it is not given. Errors: `request_invalid`. */
export function againstValues(given: readonly string[]): FlagValues | null {
  if (given.length === 0) return null;
  return Object.fromEntries(given.map(optionAndValue));
}

function optionAndValue(text: string): readonly [string, string] {
  const [name = '', ...rest] = text.split('=');
  const value = rest.join('=').trim();
  const wanted = name.trim();
  const option = indexOptions.find((known) => known === wanted || optionTable[known].flag === wanted);
  if (option === undefined) {
    const close = nearest(wanted, indexOptions);
    const advice = close === null ? '' : ` Did you mean ${close}?`;
    const message = `--against takes an option that an index depends on (${indexOptions.join(', ')}), not "${wanted}".${advice}`;
    throw new ServiceError('request_invalid', message);
  }
  if (value !== '') return [option, value];
  throw new ServiceError('request_invalid', `--against ${wanted} needs a value: --against ${option}=<value>.`);
}
