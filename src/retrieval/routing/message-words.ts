import { technologies } from './technologies.ts';

/** What a project knows of words: a catalogue, or a list in a test. */
export interface KnownWords {
  /** Whether a definition is spelled exactly so, and at most `most` are. */
  defines(name: string, most: number): boolean;
  /** Whether a definition or a path has this word. */
  mentions(word: string): boolean;
  /** Whether a path has this word. */
  inPaths(word: string): boolean;
}

/** A word of a message, with what it stands for in patterns: itself, or a class of words such as `<known>`. */
export interface MessageWord {
  /** As it was written. */
  readonly token: string;
  /** Lower case, or the class of what is written like code. */
  readonly text: string;
  readonly stands: string;
}

/** Messages are read to this length; of longer ones the beginning and the end. */
const maxProse = 4000;
/** What is behind is not even looked at. */
const maxMessage = 200_000;
/** A name with more definitions than this is a common word. */
const maxNameDefinitions = 40;
const maxTypeDefinitions = 10;

/** What a person wrote in a message, without the code between fences, cut to its beginning and end. */
export function proseOf(question: string): string {
  const prose = question.slice(0, maxMessage).replace(/```[\s\S]*?(?:```|$)/g, ` ${codeMark} `);
  return prose.length <= maxProse ? prose : `${prose.slice(0, maxProse / 2)} ${prose.slice(-maxProse / 2)}`;
}

/** Stands where code was, in prose. */
export const codeMark = '\u0001';
const wordPattern =
  /\u0001|`[^`\n]{1,160}`|[\w@.+-]{0,80}\/[\w@.+/-]{1,160}\.\w{1,10}|[A-Za-z_$][\w$]{0,79}(?:(?:\.|::|->|#)[A-Za-z_$][\w$]{0,79}){1,8}[!?]?|[A-Za-z]{1,20}(?:\+\+|#)|[A-Za-z0-9_']{1,80}|[\u4e00-\u9fff]{1,80}|[?!？，。,:：.;、]/g;
const likeCode = /[a-z0-9][A-Z]|_\w|^[A-Z]{2,}[a-z]/;
const qualified = /\w(?:\.|::|->|#)[A-Za-z]/;
const beginsSentence = new Set(['', '.', '?', '？', '。', ':', '：', '!']);

/** Takes the prose of a message apart, and puts classes in the place of names, so that patterns hold for all projects. Pure. */
export function messageWords(prose: string, known: KnownWords): MessageWord[] {
  const words: MessageWord[] = [];
  let before = '';
  for (const [token] of prose.matchAll(wordPattern)) {
    words.push({ token, ...wordOf(token, before, known) });
    before = token;
  }
  return words;
}

type Meaning = Omit<MessageWord, 'token'>;

function wordOf(token: string, before: string, known: KnownWords): Meaning {
  const lower = token.toLowerCase();
  if (token === codeMark) return same('<code>');
  if (token.startsWith('`')) return quotedWord(token.slice(1, -1), known);
  if (/^[\u4e00-\u9fff]/.test(token)) return same(token);
  if (technologies.has(lower)) {
    return { text: lower, stands: known.inPaths(lower) ? '<own-technology>' : '<technology>' };
  }
  if (token.length > 2 && token.includes('/')) return same('<path>');
  if (isName(token)) return same(nameClass(token, known));
  if (/^\d/.test(token)) return same('<number>');
  if (!/^[A-Za-z]/.test(token)) return same(lower);
  if (/^[A-Z]/.test(token) && token.length > 2 && !beginsSentence.has(before)) {
    return { text: lower, stands: known.defines(token, maxTypeDefinitions) ? '<known-type>' : '<proper>' };
  }
  return { text: lower, stands: known.mentions(lower) ? '<own-word>' : '<word>' };
}

function same(text: string): Meaning {
  return { text, stands: text };
}

/** A name in backticks is as good as one that is written like code. */
function quotedWord(quoted: string, known: KnownWords): Meaning {
  return same(/^[\w$.:#>-]+[!?]?$/.test(quoted) ? nameClass(quoted, known) : '<quoted>');
}

/** Whether a token is written like code. */
function isName(token: string): boolean {
  return likeCode.test(token) || qualified.test(token);
}

/** The project must define what is named, not only a word of it: `Repo.insert` names `insert`. */
function nameClass(name: string, known: KnownWords): string {
  const parts = name.match(/[\w$]+/g) ?? [];
  return parts.some((part) => known.defines(part, maxNameDefinitions)) ? '<known>' : '<name>';
}

const maxGramWords = 3;
const collapsedWords = 4;

/**
 * What a message says, as short runs of its words, for a model to weigh: as written, with classes in the place of rare words, and
 * Chinese by characters. `everyday` words stand for themselves. Without repeats. Pure.
 */
export function messageGrams(words: readonly MessageWord[], everyday: ReadonlySet<string>): Set<string> {
  const grams = new Set<string>();
  const written = ['^', ...words.map(({ text }) => (isChinese(text) ? '<zh>' : text)), '$'];
  const pattern = ['^', ...words.map((word) => patternWord(word, everyday)), '$'];
  for (const { text } of words) if (isChinese(text)) addCharacters(grams, text);
  for (let length = 1; length <= maxGramWords; length++) {
    for (const run of runs(written, length)) grams.add(run);
    for (const run of runs(pattern, length)) grams.add(`t:${run}`);
  }
  const collapsed = pattern.filter((word, at) => word !== pattern[at - 1] || !word.startsWith('<'));
  for (const run of runs(collapsed, collapsedWords)) grams.add(`c:${run}`);
  return grams;
}

function isChinese(text: string): boolean {
  return /^[\u4e00-\u9fff]/.test(text);
}

function patternWord({ text, stands }: MessageWord, everyday: ReadonlySet<string>): string {
  if (isChinese(text)) return '<zh>';
  const isPlain = stands === '<own-word>' || stands === '<word>';
  return isPlain && everyday.has(text) ? text : stands;
}

function addCharacters(grams: Set<string>, run: string): void {
  for (let length = 1; length <= maxGramWords; length++) {
    for (let start = 0; start + length <= run.length; start++) grams.add(`z:${run.slice(start, start + length)}`);
  }
  grams.add(`z^${run.slice(0, 2)}`).add(`z$${run.slice(-2)}`);
}

function runs(words: readonly string[], length: number): string[] {
  return words.slice(length - 1).map((_, start) => words.slice(start, start + length).join(' '));
}
