import { languageOf, languageRow } from '../../grammars/detect.ts';

const foreign =
  /(?:^|\/)(?:vendor(?:ed)?|third[_-]?party|node_modules|external|extern|deps|dist|build|Pods|Carthage|locales?|i18n|fixtures?|testdata|snapshots|__snapshots__|benchmarks?|generated|gen)(?:\/|$)/i;
const testPath = /(?:^|[/._-])(?:tests?|specs?|__tests__|testing|testdata|e2e)(?:[/._-]|$)|(?:Tests?|Spec)\.\w+$/;

/** True for the path of a test. */
export function isTestPath(path: string): boolean {
  return testPath.test(path);
}

/** True for the path of what a project carries but is not about: packages of others, samples, made files. */
export function isForeignPath(path: string): boolean {
  return foreign.test(path);
}

/** True for the path of a program, false for data and documents. */
export function isCodePath(path: string): boolean {
  return isCodeLanguage(languageOf(path, ''));
}

/** True for a language that programs are written in, false for data and documents. */
export function isCodeLanguage(language: string): boolean {
  const row = languageRow(language);
  return row !== undefined && !row.data && !row.document;
}
