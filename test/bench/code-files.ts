import { languageOf, languageRow } from '../../grammars/detect.ts';

/** Languages of documents and markup, which programs are not written in. */
const documentLanguages = new Set(['markdown', 'html', 'css', 'scss', 'text', 'properties']);

/** Whether a path is that of program code. */
export function isCode(path: string): boolean {
  const language = languageOf(path, '');
  return !documentLanguages.has(language) && languageRow(language)?.data !== true;
}
