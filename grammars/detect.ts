import { languageOfContent, languageOfHeader, languageOfM } from './detect-content.ts';
import type { LanguageRow } from './language-row.ts';
import { languages } from './table.ts';

/** What a file is when nothing else fits. */
const plainText = 'text';

const byName = new Map(languages.map((row) => [row.name, row]));
const byExtension = indexRows((row) => row.extensions);
const byFileName = indexRows((row) => row.fileNames ?? []);
const byInterpreter = indexRows((row) => row.interpreters ?? []);
const byMode = indexRows((row) => [row.name, ...(row.modelines ?? [])]);

/** More than licence texts at the top of a header take; patterns are never run over whole hostile files. */
const headLength = 16_384;
/** Modelines stand within this many lines of the head. */
const modelineLines = 5;

/** The row of a language, undefined for a name that is in no row (`text` among them). */
export function languageRow(name: string): LanguageRow | undefined {
  return byName.get(name);
}

/**
 * The language of a file by its name, else by the head of its text: shebang, modeline of
 * vim or emacs, then the content itself. `text` when nothing fits.
 */
export function languageOf(path: string, text: string): string {
  const head = text.slice(0, headLength);
  const fileName = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (fileName.endsWith('.h')) return languageOfHeader(head);
  if (fileName.endsWith('.m')) return languageOfM(head) ?? plainText;
  const named = byFileName.get(fileName) ?? languageOfExtension(fileName);
  return named ?? languageOfShebang(head) ?? languageOfModeline(head) ?? contentOf(fileName, head) ?? plainText;
}

/** The longest ending that is known: `.d.ts` before `.ts`. A leading dot begins a name, not an ending. */
function languageOfExtension(fileName: string): string | undefined {
  for (let dot = fileName.indexOf('.', 1); dot >= 0; dot = fileName.indexOf('.', dot + 1)) {
    const language = byExtension.get(fileName.slice(dot));
    if (language !== undefined) return language;
  }
  return undefined;
}

function languageOfShebang(head: string): string | undefined {
  const words = /^#![ \t]*([^\r\n]*)/.exec(head)?.[1]?.split(/[ \t]+/) ?? [];
  const isEnv = words[0] !== undefined && programOf(words[0]) === 'env';
  const program = isEnv ? words.slice(1).find((word) => !/^-|=/.test(word)) : words[0];
  return program === undefined ? undefined : byInterpreter.get(programOf(program));
}

/** `/usr/bin/python3.12` → `python`. */
function programOf(word: string): string {
  return word
    .slice(word.lastIndexOf('/') + 1)
    .replace(/[\d.]+$/, '')
    .toLowerCase();
}

function languageOfModeline(head: string): string | undefined {
  const lines = head.split(/\r\n|\r|\n/, modelineLines).join('\n');
  const emacs = /-\*-(?:.*?\bmode:)?[ \t]*([\w+#-]+?)[ \t]*(?:;.*)?-\*-/i.exec(lines)?.[1];
  const vim = /\b(?:vim?|ex):.*?\b(?:ft|filetype|syntax)=([\w+#-]+)/.exec(lines)?.[1];
  const mode = emacs ?? vim;
  return mode === undefined ? undefined : byMode.get(mode.toLowerCase());
}

/** Only a name without an ending leaves the content to decide: the ending of an unknown format means that format. */
function contentOf(fileName: string, head: string): string | undefined {
  return fileName.includes('.', 1) ? undefined : languageOfContent(head);
}

function indexRows(keysOf: (row: LanguageRow) => readonly string[]): ReadonlyMap<string, string> {
  return new Map(languages.flatMap((row) => keysOf(row).map((key) => [key, row.name] as const)));
}
