import { estimateTokens } from '../../text/tokens.ts';
import type { FimParts, FimSnippet } from './render-fim.ts';

/** How much room a prompt has. */
export interface FimRoom {
  /** Tokens for all of it. */
  readonly tokens: number;
  /** Counts the tokens of a text; undefined for an estimate that is rather too high. */
  readonly count?: ((text: string) => number) | undefined;
}

/** What fits into the room. */
export interface FittedFim {
  readonly parts: FimParts;
  /** Sentences about what was cut or left out. */
  readonly notices: readonly string[];
}

/** Marks, paths and what the server adds. */
const markTokens = 64;
const tokensPerSnippetHead = 24;
/** Share of the room that code from elsewhere may take from a long file. */
const snippetShare = 0.25;
/** Share of the rest that the text behind the hole may take from the text before it. */
const suffixShare = 0.25;

/**
 * Cuts the surroundings of a hole to a number of tokens. What is nearest to it stays: the end of the prefix, the start of the
 * suffix. Snippets come whole or not at all, the last ones first.
 */
export function fitFim(parts: FimParts, { tokens, count = estimateTokens }: FimRoom): FittedFim {
  const room = Math.max(0, tokens - markTokens);
  const prefixTokens = count(parts.prefix);
  const suffixTokens = count(parts.suffix);
  const spare = room - prefixTokens - suffixTokens;
  const snippets = fitSnippets(parts.snippets, Math.max(spare, room * snippetShare), count);
  const left = room - snippets.tokens;
  const suffixRoom = Math.max(left * suffixShare, left - prefixTokens);
  const suffix = suffixTokens <= suffixRoom ? parts.suffix : startWithin(parts.suffix, suffixRoom, count);
  const prefixRoom = left - (suffix === parts.suffix ? suffixTokens : count(suffix));
  const prefix = prefixTokens <= prefixRoom ? parts.prefix : endWithin(parts.prefix, prefixRoom, count);
  return {
    parts: { ...parts, prefix, suffix, snippets: snippets.taken },
    notices: [
      ...cutNotice('before', parts.prefix.length - prefix.length),
      ...cutNotice('behind', parts.suffix.length - suffix.length),
      ...leftOutNotice(parts.snippets.length - snippets.taken.length),
    ],
  };
}

function fitSnippets(
  snippets: readonly FimSnippet[],
  room: number,
  count: (text: string) => number,
): { readonly taken: readonly FimSnippet[]; readonly tokens: number } {
  const taken: FimSnippet[] = [];
  let tokens = 0;
  for (const snippet of [...snippets].reverse()) {
    const needed = tokensPerSnippetHead + count(snippet.text);
    if (tokens + needed > room) continue;
    taken.unshift(snippet);
    tokens += needed;
  }
  return { taken, tokens };
}

/** The longest end of a text that a number of tokens holds, from the start of a line where that costs little. */
function endWithin(text: string, tokens: number, count: (text: string) => number): string {
  const end = shrink(text, { tokens, count, part: (length) => text.slice(text.length - length) });
  const lineEnd = end.indexOf('\n');
  const isCheap = lineEnd !== -1 && lineEnd < end.length / 4;
  return isCheap ? end.slice(lineEnd + 1) : end.replace(/^[\udc00-\udfff]/, '');
}

/** The longest start of a text that a number of tokens holds, up to the end of a line where that costs little. */
function startWithin(text: string, tokens: number, count: (text: string) => number): string {
  const start = shrink(text, { tokens, count, part: (length) => text.slice(0, length) });
  const lineEnd = start.lastIndexOf('\n');
  return lineEnd > (start.length * 3) / 4 ? start.slice(0, lineEnd + 1) : start.replace(/[\ud800-\udbff]$/, '');
}

interface Shrinking {
  readonly tokens: number;
  readonly count: (text: string) => number;
  readonly part: (length: number) => string;
}

/** Texts have about as many tokens a character at one place as at another; what that misjudges is taken off in steps. */
function shrink(text: string, { tokens, count, part }: Shrinking): string {
  let { length } = text;
  let cut = text;
  for (let needed = count(text); needed > tokens; needed = count(cut)) {
    length = Math.max(0, Math.min(length - 1, Math.floor((length * tokens * 0.98) / needed)));
    cut = part(length);
    if (length === 0) break;
  }
  return cut;
}

function cutNotice(where: string, characters: number): readonly string[] {
  if (characters === 0) return [];
  return [`The code ${where} the hole was ${characters} characters too long for the context window and was cut.`];
}

function leftOutNotice(number: number): readonly string[] {
  return number === 0 ? [] : [`${number} pieces of related code had no room in the context window.`];
}
