import { chatStyles } from './chat-styles.ts';
import type { ChatStyle } from './chat-styles.ts';
import { fimStyles } from './fim-styles.ts';
import type { FimStyle } from './fim-styles.ts';

/** What is known of a family of models, whatever a server says. */
export interface ModelProfile {
  readonly family: string;
  /** False for the profile of models that nobody knows. */
  readonly isKnown: boolean;
  /** Tokens that the smallest model of the family was trained to take. */
  readonly contextTokens: number;
  readonly capabilities: readonly string[];
  /** How it fills a hole in code, null where it was not trained to. */
  readonly fim: FimStyle | null;
  /** How a conversation is written where no server does it. */
  readonly chat: ChatStyle;
}

/** By what a model is recognised. */
export interface ModelNames {
  /** As the server lists it. */
  readonly name: string;
  /** Architecture, such as `llama` or `deepseek2`; '' where unknown. */
  readonly family: string;
  /** Name that the makers gave the weights; '' where unknown. */
  readonly baseName: string;
}

interface ProfileRow extends ModelProfile {
  /** A name that says it. */
  readonly names: RegExp;
  /** An architecture that no other family shares. */
  readonly architecture?: string;
}

const completes = ['completion'];
const inserts = ['completion', 'insert'];
const callsTools = ['completion', 'tools'];

/** The first row that fits counts, so a special case stands before its family. */
const rows: readonly ProfileRow[] = [
  {
    family: 'DeepSeek-Coder v2',
    isKnown: true,
    names: /deepseek-?coder-?v2/,
    architecture: 'deepseek2',
    contextTokens: 163_840,
    capabilities: inserts,
    fim: fimStyles.deepseek,
    chat: chatStyles.deepseekV2,
  },
  {
    family: 'DeepSeek-Coder',
    isKnown: true,
    names: /deepseek-?coder/,
    contextTokens: 16_384,
    capabilities: inserts,
    fim: fimStyles.deepseek,
    chat: chatStyles.deepseekV1,
  },
  {
    family: 'Qwen3-Coder',
    isKnown: true,
    names: /qwen-?3-?coder/,
    contextTokens: 262_144,
    capabilities: ['completion', 'tools', 'insert'],
    fim: fimStyles.qwen,
    chat: chatStyles.chatml,
  },
  {
    family: 'Qwen-Coder',
    isKnown: true,
    names: /qwen-?2\.?5-?coder|qwen-?coder/,
    contextTokens: 32_768,
    capabilities: ['completion', 'tools', 'insert'],
    fim: fimStyles.qwen,
    chat: chatStyles.chatml,
  },
  {
    family: 'Code Llama without fill-in-the-middle',
    isKnown: true,
    // The model of 34 billion parameters, what was made of it, and the Python models were not trained to fill holes.
    names: /code-?llama.*(34b|python)|phind-?codellama/,
    contextTokens: 16_384,
    capabilities: completes,
    fim: null,
    chat: chatStyles.llama2,
  },
  {
    family: 'Code Llama',
    isKnown: true,
    names: /code-?llama/,
    contextTokens: 16_384,
    capabilities: inserts,
    fim: fimStyles.codeLlama,
    chat: chatStyles.llama2,
  },
  {
    family: 'CodeGemma',
    isKnown: true,
    names: /code-?gemma/,
    contextTokens: 8_192,
    capabilities: inserts,
    fim: fimStyles.codeGemma,
    chat: chatStyles.gemma,
  },
  {
    family: 'StarCoder2',
    isKnown: true,
    names: /starcoder-?2/,
    architecture: 'starcoder2',
    contextTokens: 16_384,
    capabilities: inserts,
    fim: fimStyles.starCoder,
    chat: chatStyles.plain,
  },
  {
    family: 'Codestral',
    isKnown: true,
    names: /codestral/,
    contextTokens: 32_768,
    capabilities: inserts,
    fim: fimStyles.codestral,
    chat: chatStyles.llama2,
  },
  {
    family: 'Llama 3',
    isKnown: true,
    names: /llama-?3/,
    contextTokens: 8_192,
    capabilities: completes,
    fim: null,
    chat: chatStyles.llama3,
  },
  {
    family: 'Mistral',
    isKnown: true,
    names: /mi[sx]tral/,
    contextTokens: 32_768,
    capabilities: callsTools,
    fim: null,
    chat: chatStyles.llama2,
  },
];

const unknownModel: ModelProfile = {
  family: 'unknown',
  isKnown: false,
  contextTokens: 4_096,
  capabilities: completes,
  fim: null,
  chat: chatStyles.plain,
};

/** The profile of a model: by its name, else by what its makers named it, else by its architecture. */
export function profileOf({ name, family, baseName }: ModelNames): ModelProfile {
  const byName = (text: string): ProfileRow | undefined => rows.find(({ names }) => names.test(text.toLowerCase()));
  return byName(name) ?? byName(baseName) ?? rows.find((row) => row.architecture === family) ?? unknownModel;
}
