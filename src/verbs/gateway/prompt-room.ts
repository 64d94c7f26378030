import { answerReserve, evidenceBudget } from '../../answer/context-window.ts';
import { ServiceError } from '../../core/errors.ts';
import { RecentMap } from '../../core/gateway/recent-map.ts';
import { sha256 } from '../../core/hash.ts';
import type { ChatMessage, ModelInfo, TokenCounter } from '../../core/gateway/model-server.ts';

/** How much there is to be read and written. */
export interface RoomOptions {
  readonly info: ModelInfo;
  /** Tokens of the prompt without new evidence. */
  readonly promptTokens: number;
  /** Longest answer that was asked for in tokens (`num_predict`); null where nothing was said. */
  readonly maxOutput: number | null;
  readonly answerTokens: number;
  readonly readingSeconds: number;
  readonly promptTokensPerSecond: number | null;
}

/** An estimate is at most this many times the real count (see src/text/tokens.ts). */
const worstEstimate = 2.4;
/**
 * Signs that a chat template puts around a message, and once more for the beginning of the text and of the answer, at most: measured
 * over one to eight messages in the forms of ChatML, Llama 2 and 3, DeepSeek-Coder, Gemma and Mistral, with their vocabularies.
 */
const perMessage = 8;
const perPrompt = 4;

/** Tokens of messages with what a chat template adds; images are not counted, since only the server knows their cost. */
export function countMessages(
  messages: readonly ChatMessage[],
  counter: TokenCounter,
  tools: readonly object[] = [],
): number {
  const texts = messages.map(({ content, thinking = '', toolCalls }) =>
    thinking === '' && toolCalls === undefined ? content : `${content}${thinking}${JSON.stringify(toolCalls ?? '')}`,
  );
  const described = tools.length === 0 ? 0 : counter.count(JSON.stringify(tools));
  return texts.reduce((total, text) => total + countText(text, counter) + perMessage, described + perPrompt);
}

/** No vocabulary has a token of more characters that is met in practice: runs of blanks are the longest. */
const longestToken = 128;

/**
 * Throws `request_invalid` for texts that cannot fit whatever their tokens are: counting millions of characters would hold up all other
 * requests.
 */
export function refuseHopeless(texts: readonly string[], { name, windowTokens }: ModelInfo): void {
  const characters = texts.reduce((total, { length }) => total + length, 0);
  if (characters <= windowTokens * longestToken) return;
  throw new ServiceError(
    'request_invalid',
    `The prompt has ${characters} characters, far more than the context window of ${name} takes (${windowTokens} tokens). ` +
      'Shorten the conversation, or use a model with a larger window.',
  );
}

/** Texts from this length on are worth remembering; conversations send theirs again with each turn. */
const rememberedCharacters = 500;
const rememberedTexts = 200;
const counts = new WeakMap<TokenCounter, RecentMap<string, number>>();

function countText(text: string, counter: TokenCounter): number {
  if (text.length < rememberedCharacters) return counter.count(text);
  const known = counts.get(counter) ?? new RecentMap<string, number>(rememberedTexts);
  counts.set(counter, known);
  // By its hash: a text may have megabytes, and none of them is needed again.
  const key = sha256(text);
  const tokens = known.get(key) ?? counter.count(text);
  known.set(key, tokens);
  return tokens;
}

/** Tokens that new evidence may take. */
export function roomForEvidence(options: RoomOptions): number {
  const { info, promptTokens, maxOutput, answerTokens, readingSeconds, promptTokensPerSecond } = options;
  const window = { contextTokens: info.windowTokens, promptTokensPerSecond };
  const output = maxOutput === null || maxOutput <= 0 ? answerTokens : Math.min(maxOutput, answerTokens);
  return evidenceBudget(window, { readingSeconds, answerTokens: answerReserve(window, output), promptTokens });
}

/**
 * Throws `request_invalid` for a prompt that cannot fit: a server would cut it without a word. An estimate is only believed where even
 * the lowest count that it may stand for is too much.
 */
export function requireFit(tokens: number, counter: TokenCounter, { name, windowTokens }: ModelInfo): void {
  const least = counter.isExact ? tokens : Math.floor(tokens / worstEstimate);
  if (least < windowTokens) return;
  throw new ServiceError(
    'request_invalid',
    `The prompt has ${counter.isExact ? '' : 'at least '}${least} tokens, but the context window of ${name} takes ${windowTokens}. ` +
      'Shorten the conversation, or use a model with a larger window.',
  );
}
