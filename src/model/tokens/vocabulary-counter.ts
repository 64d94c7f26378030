import type { TokenCounter } from '../../core/gateway/model-server.ts';
import { bytePairCounter } from './byte-pair-counter.ts';
import { sentencePieceCounter } from './sentence-piece-counter.ts';
import { type Fragment, longestFirst, specialSplitter } from './special-tokens.ts';
import { wordSplitter } from './word-splitter.ts';

/** Counts with a model's own vocabulary. */
export interface VocabularyCounter extends TokenCounter {
  /** Tokens that the server puts around each prompt (its begin, its end); `count` leaves them out. */
  readonly addedTokens: number;
}

/**
 * A counter from a model's GGUF metadata, as Ollama's `/api/show` gives it with `verbose`: it counts what llama.cpp makes of a text,
 * special tokens in it included. Null where the metadata hold no vocabulary, or one of a kind that is not known here. The metadata
 * need not be kept: a vocabulary of 150,000 tokens takes 3 to 15 MB here, and 30 to 60 as parsed JSON.
 */
export function vocabularyCounter(modelInfo: Readonly<Record<string, unknown>>): VocabularyCounter | null {
  const tokens = strings(modelInfo['tokenizer.ggml.tokens']);
  if (tokens === null || tokens.length === 0) return null;
  const kind = modelInfo['tokenizer.ggml.model'];
  const plain =
    kind === 'gpt2' ? bytePairs(modelInfo, tokens) : kind === 'llama' ? sentencePieces(modelInfo, tokens) : null;
  if (plain === null) return null;
  const split = specialSplitter(specialTokens(modelInfo, tokens));
  return {
    isExact: plain.isExact,
    addedTokens:
      Number(flag(modelInfo, 'add_bos_token') ?? plain.addsBos) + Number(flag(modelInfo, 'add_eos_token') ?? false),
    count: (text) => countFragments(split(text), plain.count),
  };
}

/** What the kinds of vocabulary have in common. */
interface PlainCounter {
  readonly isExact: boolean;
  readonly addsBos: boolean;
  readonly count: (text: string, isFirst: boolean) => number;
}

function bytePairs(modelInfo: Readonly<Record<string, unknown>>, tokens: readonly string[]): PlainCounter | null {
  const merges = strings(modelInfo['tokenizer.ggml.merges']);
  if (merges === null) return null;
  // A name that is not known is cut as llama.cpp cuts it then; a newer llama.cpp may know better.
  const name = modelInfo['tokenizer.ggml.pre'] ?? 'default';
  const named = typeof name === 'string' ? wordSplitter(name) : null;
  const splitter = named ?? wordSplitter('default');
  if (splitter === null) return null;
  const count = bytePairCounter({ tokens, merges, splitter });
  return { isExact: named !== null, addsBos: splitter.addsBos, count };
}

function sentencePieces(modelInfo: Readonly<Record<string, unknown>>, tokens: readonly string[]): PlainCounter | null {
  const scores = modelInfo['tokenizer.ggml.scores'];
  if (!Array.isArray(scores) || scores.length !== tokens.length) return null;
  const addsSpace = flag(modelInfo, 'add_space_prefix') ?? true;
  return {
    // Phi-3 swallows the blanks behind its special tokens, by a rule that its metadata do not show.
    isExact: modelInfo['general.architecture'] !== 'phi3',
    addsBos: true,
    count: sentencePieceCounter({ tokens, scores: scores.map(Number), addsSpace }),
  };
}

function countFragments(fragments: readonly Fragment[], count: PlainCounter['count']): number {
  let total = 0;
  let isFirst = true;
  for (const fragment of fragments) {
    total += fragment === null ? 1 : count(fragment, isFirst);
    isFirst = fragment === null;
  }
  return total;
}

/** Unknown, control and user-defined, by GGUF's numbers. */
const specialTypes = new Set<unknown>([2, 3, 4]);

/** Tokens that llama.cpp takes for special by their text, whatever type the file gives them. */
const specialTexts = new Set(
  (
    '<|eot_id|> <|im_end|> <|end|> <end_of_turn> <|endoftext|> <EOT> _<EOT> <｜end▁of▁sentence｜> <|eom_id|> ' +
    '<|fim_prefix|> <fim-prefix> <fim_prefix> <｜fim▁begin｜> <PRE> ▁<PRE> ' +
    '<|fim_suffix|> <fim-suffix> <fim_suffix> <｜fim▁hole｜> <SUF> ▁<SUF> ' +
    '<|fim_middle|> <fim-middle> <fim_middle> <｜fim▁end｜> <MID> ▁<MID> ' +
    '<|fim_pad|> <fim-pad> <fim_pad> <PAD> <|fim_repo|> <|repo_name|> <fim-repo> <REPO> <reponame> <|file_sep|>'
  ).split(' '),
);

function specialTokens(modelInfo: Readonly<Record<string, unknown>>, tokens: readonly string[]): readonly string[] {
  const types = modelInfo['tokenizer.ggml.token_type'];
  const typeOf = Array.isArray(types) ? (id: number): unknown => types[id] : () => 1;
  const special = tokens.filter((token, id) => specialTypes.has(typeOf(id)) || specialTexts.has(token));
  // Ollama runs Gemma 3 without llama.cpp and takes them as they are listed: so three line ends are three tokens, though one
  // token means them all.
  const architecture = modelInfo['general.architecture'];
  return typeof architecture === 'string' && architecture.startsWith('gemma3') ? special : longestFirst(special);
}

function flag(modelInfo: Readonly<Record<string, unknown>>, name: string): boolean | null {
  const value = modelInfo[`tokenizer.ggml.${name}`];
  return typeof value === 'boolean' ? value : null;
}

/** Null unless it is a list of texts: without `verbose`, Ollama gives null or an empty list. */
function strings(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}
