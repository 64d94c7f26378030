import { optionTable } from './config-options.ts';
import type { OptionName } from './config-options.ts';
import type { FlagValues } from './config.ts';

/** The options that an indexing run follows, beside the data folder. */
export const indexingOptions = [
  'embedder',
  'embedderUrl',
  'modelUrl',
  'allowedHosts',
  'modelIdleTimeoutMs',
  'maxCodeBytes',
  'maxDataBytes',
  'chunkCharacters',
  'workers',
  'memoryBudgetMb',
] as const satisfies readonly OptionName[];

/** The options that keeping indexes current follows, beside the data folder. */
export const watchOptions = [...indexingOptions, 'reconcileSeconds'] as const satisfies readonly OptionName[];

/** The words of a command line that hand given options on to `lorekeep watch`; others are left out. */
export function watchFlags(given: FlagValues): readonly string[] {
  return (['dataFolder', ...watchOptions] as const).flatMap((option) => {
    const { flag } = optionTable[option];
    const values = given[option];
    if (values === undefined || flag === null) return [];
    return [values].flat().map((value) => `--${flag}=${value}`);
  });
}
