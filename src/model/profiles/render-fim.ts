import { lineCommentFor } from './line-comment.ts';
import type { FimStyle } from './fim-styles.ts';

/** Code of a project that helps to fill a hole. */
export interface FimSnippet {
  /** Project-relative. */
  readonly path: string;
  readonly text: string;
}

/** A hole in code and what surrounds it. */
export interface FimParts {
  readonly prefix: string;
  readonly suffix: string;
  /** Other code of the project, the least useful first: what is nearest to the hole counts most. */
  readonly snippets: readonly FimSnippet[];
  /** Path of the file with the hole, where it is known. */
  readonly path?: string | undefined;
  /** Name of the project, where it is known. */
  readonly project?: string | undefined;
}

/**
 * The prompt for a hole, to be sent without a template. Marks of the family that occur in the code itself are broken up, so
 * that they stay text.
 */
export function renderFim({ fim }: { readonly fim: FimStyle }, parts: FimParts): string {
  return layouts[fim.files](fim, harmless(parts, fim.marks));
}

const layouts: Readonly<Record<FimStyle['files'], (fim: FimStyle, code: FimParts) => string>> = {
  comments: (fim, code) =>
    hole(fim, { ...code, prefix: code.snippets.map(asComment(code.path)).join('') + code.prefix }),
  qwen: (fim, code) => qwenFiles(code) + hole(fim, code),
  starcoder: starCoderPrompt,
  gemma: (fim, code) => gemmaFiles(code) + hole(fim, code),
};

function hole(fim: FimStyle, { prefix, suffix }: FimParts): string {
  const before = fim.prefix + prefix;
  const after = fim.suffix + suffix;
  return (fim.isSuffixFirst ? after + before : before + after) + fim.middle;
}

function qwenFiles({ snippets, path = 'current file', project = 'project' }: FimParts): string {
  if (snippets.length === 0) return '';
  const files = snippets.map((snippet) => `<|file_sep|>${snippet.path}\n${endedLine(snippet.text)}`);
  return `<|repo_name|>${project}\n${files.join('')}<|file_sep|>${path}\n`;
}

function starCoderPrompt(fim: FimStyle, code: FimParts): string {
  const { snippets, path, project } = code;
  if (snippets.length === 0) return hole(fim, code);
  const files = snippets.map((snippet) => `<file_sep>${snippet.path}\n${snippet.text}`);
  const head = `${project === undefined ? '' : `<repo_name>${project}`}${files.join('')}<file_sep>`;
  // In this family the path stands behind the mark that begins the text.
  return head + hole(fim, path === undefined ? code : { ...code, prefix: `${path}\n${code.prefix}` });
}

function gemmaFiles({ snippets, path }: FimParts): string {
  if (snippets.length === 0) return '';
  const files = snippets.map((snippet) => `${snippet.path}\n${endedLine(snippet.text)}<|file_separator|>`);
  return files.join('') + (path === undefined ? '' : `${path}\n`);
}

/** For families without marks between files: the code of another file as a comment of this one. */
function asComment(path: string | undefined): (snippet: FimSnippet) => string {
  return (snippet) => {
    const sign = lineCommentFor(path ?? snippet.path);
    const lines = [`Path: ${snippet.path}`, ...snippet.text.replace(/\r?\n$/, '').split(/\r?\n/)];
    return `${lines.map((line) => `${sign} ${line}`.trimEnd()).join('\n')}\n`;
  };
}

function harmless(parts: FimParts, marks: readonly string[]): FimParts {
  const clean = (text: string): string =>
    marks.reduce((left, mark) => left.replaceAll(mark, `${mark[0]} ${mark.slice(1)}`), text);
  return {
    prefix: clean(parts.prefix),
    suffix: clean(parts.suffix),
    snippets: parts.snippets.map(({ path, text }) => ({ path: clean(path), text: clean(text) })),
    path: parts.path === undefined ? undefined : clean(parts.path),
    project: parts.project === undefined ? undefined : clean(parts.project),
  };
}

function endedLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
