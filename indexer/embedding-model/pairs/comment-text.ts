import { splitSentences } from '../../questions/sentences.ts';

/** Signs of a comment at the beginning of a line, and of a documentation string. */
const opening =
  /^\s*(?:\/\*+!?|\*+(?!\w)\/?|\/\/+!?|#+!?|--+\s*[|^]?|;+|%+|\{-+\s*\|?|-\}|<!--|@(?:module|type)?doc\s*(?:~[sS])?"*|[rRuUbB]?(?:"""|'''))\s?/;
/** Sign that every line of such a comment begins with. */
const lineSign = /^\s*(?:\/\/|#|--|;|%)/;
const closing = /\s*(?:\*+\/|-+\}|-->|"""|''')\s*$/;
/** From such a line on, a comment lists parameters, examples and the like. */
const listing =
  /^\s*(?:[@\\](?!brief|summary|description)[a-z]+|:[a-z]+[ :]|(?:args|arguments|parameters?|params|returns?|raises|yields|examples?|usage|notes?|see also|throws|options)\s*:?\s*$|>>>|```|[-=~*]{3,}|<(?:param|returns|example|remarks|typeparam|exception)|#\s*(?:examples?|arguments|panics|errors|safety)\b)/i;

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
