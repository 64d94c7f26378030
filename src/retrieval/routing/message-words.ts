import { codeMark } from './pasted-code.ts';
import { technologies } from './technologies.ts';

/** What a project knows of words: a catalogue, or a list in a test. */
export interface KnownWords {
  /** Whether a definition is spelled exactly so, and at most `most` are. */
  defines(name: string, most: number): boolean;
  /** Whether a definition or a path has this word. */
  mentions(word: string): boolean;
  /** Whether a path has this word. */
  inPaths(word: string): boolean;
  /** Whether few definitions are named by these words together: `event log` by `EventLog`. */
  namesTogether(words: readonly string[]): boolean;
}

/** A word of a message, with what it stands for in patterns: itself, or a class of words such as `<known>`. */
export interface MessageWord {
  /** As it was written. */
  readonly token: string;
  /** Lower case, or the class of what is written like code. */
  readonly text: string;
  readonly stands: string;
}

/** A name with more definitions than this is a common word. */
const maxNameDefinitions = 40;
const maxTypeDefinitions = 10;

/** Sentences in quotation marks: what they say is not what the message says. */
export const quotation =
  /"[^"\s]{1,60}\s[^"\n]{6,400}"|“[^“”\n]{8,400}”|「[^「」\n]{8,400}」|(?<!\w)'[^'\s]{1,60}\s[^'\n]{6,400}'(?!\w)/g;
const wordPattern = new RegExp(
  `${quotation.source}|${/\u0001|`[^`\n]{1,160}`|[\w@.+-]{0,80}\/[\w@.+/-]{1,160}\.\w{1,10}|[A-Za-z_$][\w$]{0,79}(?:(?:\.|::|->|#)[A-Za-z_$][\w$]{0,79}){1,8}[!?]?|[A-Za-z]{1,20}(?:\+\+|#)|(?<![\w-])--?[A-Za-z][\w-]{0,40}|[A-Za-z0-9_']{1,80}|[\u4e00-\u9fff]{1,80}|[?!？，。,:：.;、]/.source}`,
  'g',
);
const likeCode = /[a-z0-9][A-Z]|_\w|^[A-Z]{2,}[a-z]/;
/** `compute7x3`, but `utf8` and `i18n` as well: so it must be defined, too. */
const digitsInside = /^[A-Za-z]\w*\d[A-Za-z0-9]*$/;
const qualified = /\w(?:\.|::|->|#)[A-Za-z]/;
const beginsSentence = new Set(['', '.', '?', '？', '。', ':', '：', '!']);
const flag = /^--?[A-Za-z]/;

/** Takes the prose of a message apart, and puts classes in the place of names, so that patterns hold for all projects. Pure. */
export function messageWords(prose: string, known: KnownWords): MessageWord[] {
  const words: MessageWord[] = [];
  // A capital in a Chinese sentence is never there because the sentence begins.
  const chinese = /[\u4e00-\u9fff]/.test(prose);
  let before = chinese ? ',' : '';
  for (const [token] of prose.matchAll(wordPattern)) {
    words.push({ token, ...wordOf(token, before, known) });
    before = chinese ? ',' : token;
  }
  return words;
}

type Meaning = Omit<MessageWord, 'token'>;

function wordOf(token: string, before: string, known: KnownWords): Meaning {
  const lower = token.toLowerCase();
  if (token === codeMark) return same('<code>');
  if (/^["'“「]/.test(token) && token.length > 2) return same('<quotation>');
  if (flag.test(token))
    return { text: lower, stands: known.mentions(lower.replace(/^-+/, '')) ? '<own-flag>' : '<flag>' };
  if (token.startsWith('`')) return quotedWord(token.slice(1, -1), known);
  if (/^[\u4e00-\u9fff]/.test(token)) return same(token);
  if (technologies.has(lower)) {
    return { text: lower, stands: known.inPaths(lower) ? '<own-technology>' : '<technology>' };
  }
  if (token.length > 2 && token.includes('/')) return same('<path>');
  if (isName(token)) return same(nameClass(token, known));
  if (digitsInside.test(token) && known.defines(token, maxTypeDefinitions)) return same('<known>');
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
