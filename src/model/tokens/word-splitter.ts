import { deepseekLetters } from './deepseek-letters.ts';

/** Cuts a text into the words that byte pairs are merged in. */
export interface WordSplitter {
  /** Matches cover the text without a gap. */
  readonly words: RegExp;
  /** What cuts each word further, one after the other: matches and what lies between them. */
  readonly stages: readonly RegExp[];
  /** A word that is a token is one token, whatever the merges say. */
  readonly wholeWords: boolean;
  /** Whether a prompt begins with the vocabulary's first token where the model says nothing. */
  readonly addsBos: boolean;
}

// llama.cpp runs several expressions one after the other, each inside the pieces of the last. Here the first ones are joined, so
// that one pass finds all words and their counts can be kept; a tail that whitespace must not lend to its neighbour is a lookahead.
const space = String.raw`\p{White_Space}`;
const inLine = String.raw`[${space}--[\r\n]]`;
const contraction = String.raw`'(?:[stmd]|re|ve|ll)`;
const anyContraction = String.raw`'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])`;
const symbols = String.raw` ?[^${space}\p{L}\p{N}]+`;
const spaces = String.raw`${space}+(?!\P{White_Space})|${space}+`;
const lineEnds = String.raw`${space}*[\r\n]+`;
const prefixedLetters = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const cjk = String.raw`[[\u{800}-\u{9fa5}\u{ac00}-\u{d7ff}]--${space}]`;
const kana = String.raw`[\u{4e00}-\u{9fa5}\u{3040}-\u{30ff}]`;

const deepseekSigns = String.raw`[!-\/:-~\u{ff01}-\u{ff0f}\u{ff1a}-\u{ff5e}\u{2018}-\u{201f}\u{3001}\u{3002}]`;
const deepseekMarks = String.raw`[${deepseekSigns}--${deepseekLetters}]`;
/** The signs reach from the colon to the tilde, and so hold the letters of ASCII: these are cut off from other letters again. */
const deepseekSignStage = new RegExp(String.raw`\p{White_Space}?${deepseekSigns}+`, 'gv');

const words = {
  gpt2: [contraction, String.raw` ?\p{L}+| ?\p{N}+`, symbols, spaces],
  singleDigits: [contraction, String.raw` ?\p{L}+|\p{N}`, symbols, String.raw`${space}+(?=\p{N}|$)`, spaces],
  llama3: [anyContraction, prefixedLetters, String.raw`\p{N}{1,3}`, String.raw`${symbols}[\r\n]*`, lineEnds, spaces],
  qwen2: [anyContraction, prefixedLetters, String.raw`\p{N}`, String.raw`${symbols}[\r\n]*`, lineEnds, spaces],
  qwen35: [
    anyContraction,
    String.raw`[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}`,
    String.raw` ?[^${space}\p{L}\p{M}\p{N}]+[\r\n]*`,
    lineEnds,
    spaces,
  ],
  seedCoder: [anyContraction, prefixedLetters, String.raw`\p{N}| ?[^${space}\p{L}\p{N}\r\n]+`, lineEnds, spaces],
  tekken: [...cased(''), String.raw`\p{N}`, String.raw`${symbols}[\r\n\/]*`, lineEnds, spaces],
  gpt4o: [
    ...cased(`(?:${anyContraction})?`),
    String.raw`\p{N}{1,3}`,
    String.raw`${symbols}[\r\n\/]*`,
    lineEnds,
    spaces,
  ],
  marksFirst: marksFirst(String.raw`[\p{P}$+<=>\^~\|]`),
  falcon: marksFirst('[\\p{P}$+<=>\\^~\\|`]'),
  deepseekCoder: lineParts(String.raw`\p{L}`, String.raw`\p{P}`),
  deepseekLlm: lineParts(deepseekLetters, deepseekMarks),
  deepseekV3: [
    String.raw`\p{N}{1,3}|${kana}+`,
    String.raw`[!-\/:-@\[-\x60\{-~][A-Za-z]+`,
    String.raw`[^\r\n\p{L}\p{P}\p{S}\p{N}]?[[\p{L}\p{M}]--${kana}]+`,
    String.raw` ?[[\p{P}\p{S}]--${kana}]+[\r\n]*`,
    lineEnds,
    String.raw`${space}+(?=\p{N}|${kana}|$)`,
    spaces,
    String.raw`(?:[^${space}\p{L}\p{M}\p{P}\p{S}\p{N}](?![[\p{L}\p{M}]--${kana}]))+`,
  ],
};

/** How llama.cpp cuts words, by the name in `tokenizer.ggml.pre`; null where it is not known here. */
export function wordSplitter(name: string): WordSplitter | null {
  const known = kinds.find(({ names }) => names.includes(name));
  if (known === undefined) return null;
  const { parts, stages = [], wholeWords = false } = known;
  return { words: new RegExp(parts.join('|'), 'gv'), stages, wholeWords, addsBos: wholeWords };
}

interface SplitterKind {
  readonly names: readonly string[];
  readonly parts: readonly string[];
  readonly stages?: readonly RegExp[];
  readonly wholeWords?: boolean;
}

const cjkStage = new RegExp(`${cjk}+`, 'gv');
const kinds: readonly SplitterKind[] = [
  { names: ['default'], parts: words.marksFirst, stages: [/\p{N}+/gv, /[0-9]{3}/gv] },
  { names: ['falcon'], parts: words.falcon, stages: [/[0-9]{3}/gv] },
  {
    names: ['llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'falcon-h1', 'pixtral', 'lfm2', 'midm-2.0'],
    parts: words.llama3,
    wholeWords: true,
  },
  { names: ['dbrx', 'smaug-bpe', 'glm4', 'chatglm-bpe'], parts: words.llama3 },
  { names: ['deepseek-coder'], parts: words.deepseekCoder, stages: [cjkStage, /\p{N}/gv] },
  {
    names: ['deepseek-llm'],
    parts: words.deepseekLlm,
    stages: [deepseekSignStage, /\p{White_Space}+$/gv, cjkStage, /\p{N}+/gv],
  },
  { names: ['deepseek-v3', 'hunyuan-dense', 'joyai-llm', 'hy_v4'], parts: words.deepseekV3 },
  {
    names: ['starcoder', 'refact', 'command-r', 'smollm', 'codeshell', 'exaone', 'minerva-7b', 'mellum2'],
    parts: words.singleDigits,
  },
  {
    names: [
      'gpt-2',
      'phi-2',
      'mpt',
      'olmo',
      'jais',
      'trillion',
      'gigachat',
      'roberta-bpe',
      'granite-docling',
      'exaone4',
      'mellum',
      'a.x-4.0',
    ],
    parts: words.gpt2,
  },
  {
    names: ['qwen2', 'deepseek-r1-qwen', 'megrez', 'stablelm2', 'hunyuan', 'grok-2', 'solar-open', 'kormo'],
    parts: words.qwen2,
  },
  { names: ['qwen35'], parts: words.qwen35 },
  { names: ['tekken'], parts: words.tekken, wholeWords: true },
  { names: ['gpt-4o', 'llama4', 'kanana2', 'minimax-m2', 'talkie'], parts: words.gpt4o },
  { names: ['seed-coder'], parts: words.seedCoder },
];

/** Capitals and small letters apart, letters of other scripts counted to both. */
function cased(tail: string): readonly string[] {
  const upper = String.raw`[\p{L}--[a-z]]`;
  const lower = String.raw`[\p{L}--[A-Z]]`;
  const before = String.raw`[^\r\n\p{L}\p{N}]?`;
  return [`${before}${upper}*${lower}+${tail}`, `${before}${upper}+${lower}*${tail}`];
}

/** Runs of some marks stand alone; the words of GPT-2 lie between them. */
function marksFirst(marks: string): readonly string[] {
  return [
    `${marks}+`,
    String.raw` ?\p{L}+| ?\p{N}+`,
    String.raw` ?[[^${space}\p{L}\p{N}]--${marks}]+`,
    String.raw`${space}+(?=${marks}|$)`,
    spaces,
  ];
}

/** Line ends one by one; letters, then marks, each with one space before it; the rest. */
function lineParts(letters: string, marks: string): readonly string[] {
  return [
    String.raw`[\r\n]`,
    `${inLine}?${letters}+`,
    `${inLine}?${marks}+`,
    `(?:[^${letters}${marks}${space}]|${inLine}(?!${letters}|${marks}))+`,
  ];
}
