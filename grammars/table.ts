import type { LanguageRow } from './language-row.ts';
import { dataAndScriptRows } from './rows-data-and-scripts.ts';
import { programmingRows } from './rows-programming.ts';

/** Every language that is recognised. A language is one row here, one folder of queries and one fixture. */
export const languages: readonly LanguageRow[] = [...programmingRows, ...dataAndScriptRows];
