const noise =
  /copyright|licen[cs]e|spdx|all rights reserved|permission is hereby|warranty|@author|@since|@date|\bcreated by\b|\bhttps?:\/\/|^(?:todo|fixme|xxx|hack|eslint|noqa|pylint|nolint|type:|istanbul|prettier|swiftlint|rubocop|region|endregion|inheritdoc)/i;
const minWords = 3;
const maxWords = 40;
/** A sentence with fewer letters is code. */
const letterShare = 0.6;

/** A fenced block of Markdown: its fence, its language, its text. */
export const fencedBlock = /^[ \t]*(`{3,}|~{3,})[ \t]*([\w+#-]*)[^\n]*\n([\s\S]*?)\n[ \t]*\1/gm;

/** Paragraphs and list items of a Markdown document, without its fenced blocks. */
export function paragraphsOf(document: string): readonly string[] {
  return document.replace(fencedBlock, '\n\n').split(/\n\s*\n|\n[-*] /);
}

/** Splits prose into sentences, leaving out what is too short, too long, or no prose. */
export function splitSentences(prose: string): readonly string[] {
  return withoutMarkup(prose)
    .split(/(?<=[.!?])\s+(?=[\p{Lu}\p{Lo}"'(])|(?<=[。！？；])/u)
    .map((sentence) => sentence.trim())
    .filter(isTelling);
}

function withoutMarkup(prose: string): string {
  return prose
    .replace(/<\/?[a-zA-Z][^<>]{0,80}>/g, ' ')
    .replace(/\{@\w+\s+([^{}]*)\}/g, '$1')
    .replace(/!?\[([^\][]*)\]\([^()]*\)/g, '$1')
    .replace(/[@\\](?:brief|summary|description)\b/g, ' ')
    .replace(/[`*]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function isTelling(sentence: string): boolean {
  if (noise.test(sentence)) return false;
  const letters = sentence.match(/[\p{L}\s]/gu)?.length ?? 0;
  if (letters < sentence.length * letterShare) return false;
  const han = sentence.match(/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}]/gu)?.length ?? 0;
  const words = sentence.split(/\s+/).length;
  return han >= 4 ? han <= 2 * maxWords : words >= minWords && words <= maxWords;
}
