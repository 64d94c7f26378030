/** A turn that is written out as text. */
interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
}

/** How a family writes a conversation; the token that begins every text is left to the server. */
export interface ChatStyle {
  readonly system: readonly [before: string, after: string];
  readonly user: readonly [before: string, after: string];
  readonly assistant: readonly [before: string, after: string];
  /** True where the family knows no system turn: then its text opens the next turn of the user. */
  readonly isSystemInUser: boolean;
  readonly stops: readonly string[];
}

const none = ['', ''] as const;

/** The styles by family. */
export const chatStyles = {
  deepseekV1: {
    system: ['', '\n'],
    user: ['### Instruction:\n', '\n'],
    assistant: ['### Response:\n', '\n<|EOT|>\n'],
    isSystemInUser: false,
    stops: ['<|EOT|>', '### Instruction:'],
  },
  deepseekV2: {
    system: ['', '\n\n'],
    user: ['User: ', '\n\n'],
    assistant: ['Assistant: ', '<｜end▁of▁sentence｜>'],
    isSystemInUser: false,
    stops: ['<｜end▁of▁sentence｜>', 'User:'],
  },
  chatml: {
    system: ['<|im_start|>system\n', '<|im_end|>\n'],
    user: ['<|im_start|>user\n', '<|im_end|>\n'],
    assistant: ['<|im_start|>assistant\n', '<|im_end|>\n'],
    isSystemInUser: false,
    stops: ['<|im_end|>', '<|im_start|>', '<|endoftext|>'],
  },
  llama2: {
    system: none,
    user: ['[INST] ', ' [/INST]'],
    assistant: ['', '</s>'],
    isSystemInUser: true,
    stops: ['</s>', '[INST]'],
  },
  llama3: {
    system: ['<|start_header_id|>system<|end_header_id|>\n\n', '<|eot_id|>'],
    user: ['<|start_header_id|>user<|end_header_id|>\n\n', '<|eot_id|>'],
    assistant: ['<|start_header_id|>assistant<|end_header_id|>\n\n', '<|eot_id|>'],
    isSystemInUser: false,
    stops: ['<|eot_id|>', '<|end_of_text|>', '<|start_header_id|>'],
  },
  gemma: {
    system: none,
    user: ['<start_of_turn>user\n', '<end_of_turn>\n'],
    assistant: ['<start_of_turn>model\n', '<end_of_turn>\n'],
    isSystemInUser: true,
    stops: ['<end_of_turn>', '<start_of_turn>'],
  },
  plain: {
    system: ['', '\n\n'],
    user: ['User: ', '\n\n'],
    assistant: ['Assistant: ', '\n\n'],
    isSystemInUser: false,
    stops: ['\nUser:'],
  },
} as const satisfies Readonly<Record<string, ChatStyle>>;

/**
 * A conversation as text, up to where the model has the word: for weights that come without a template. Answers of tools
 * are given as words of the user, since these forms know no others.
 */
export function renderChat(style: ChatStyle, turns: readonly ChatTurn[]): string {
  let system = '';
  let text = '';
  for (const { role, content } of turns) {
    if (role === 'system' && style.isSystemInUser) {
      system += `${content}\n\n`;
      continue;
    }
    const [before, after] = style[role === 'tool' ? 'user' : role];
    text += before + (role === 'assistant' ? content : system + content) + after;
    if (role !== 'assistant') system = '';
  }
  // A space at the end would keep the model from the words that begin with one.
  return text + style.assistant[0].replace(/ $/, '');
}
