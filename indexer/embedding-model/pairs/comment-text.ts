/** Signs of a comment at the beginning of a line, and of a documentation string. */
const opening =
  /^\s*(?:\/\*+!?|\*+(?!\w)\/?|\/\/+!?|#+!?|--+\s*[|^]?|;+|%+|\{-+\s*\|?|-\}|<!--|@(?:module|type)?doc\s*(?:~[sS])?"*|[rRuUbB]?(?:"""|'''))\s?/;
/** Sign that every line of such a comment begins with. */
const lineSign = /^\s*(?:\/\/|#|--|;|%)/;
const closing = /\s*(?:\*+\/|-+\}|-->|"""|''')\s*$/;
/** From such a line on, a comment lists parameters, examples and the like. */
const listing =
  /^\s*(?:[@\\](?!brief|summary|description)[a-z]+|:[a-z]+[ :]|(?:args|arguments|parameters?|params|returns?|raises|yields|examples?|usage|notes?|see also|throws|options)\s*:?\s*$|>>>|```|[-=~*]{3,}|<(?:param|returns|example|remarks|typeparam|exception)|#\s*(?:examples?|arguments|panics|errors|safety)\b)/i;
const noise =
  /copyright|licen[cs]e|spdx|all rights reserved|permission is hereby|warranty|@author|@since|@date|\bcreated by\b|\bhttps?:\/\/|^(?:todo|fixme|xxx|hack|eslint|noqa|pylint|nolint|type:|istanbul|prettier|swiftlint|rubocop|region|endregion|inheritdoc)/i;
const minWords = 3;
const maxWords = 40;
/** A sentence with fewer letters is code. */
const letterShare = 0.6;

/** True for the text of a comment or documentation string, false for an attribute or decorator. */
export function isComment(text: string): boolean {
  return /^\s*(?:\/\/|\/\*|#(?!\[|!\[)|--|;|%|\{-(?!#)|<!--|@(?:module|type)?doc\b|[rRuUbB]?(?:"""|'''))/.test(text);
}

/** The sentences of a comment's first paragraph that say something, without its signs and markup. */
export function sentencesOf(comment: string): readonly string[] {
  const lines: string[] = [];
  const isLineComment = lineSign.test(comment);
  for (const line of comment.split(/\r\n|\r|\n/)) {
    if (isLineComment && !lineSign.test(line)) break;
    const bare = line.replace(opening, '').replace(closing, '');
    if (listing.test(bare)) break;
    if (bare.trim() === '' && lines.length > 0) break;
    if (bare.trim() !== '') lines.push(bare.trim());
  }
  return splitSentences(lines.join(' '));
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
