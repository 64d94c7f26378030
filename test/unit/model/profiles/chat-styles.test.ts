import { expect, it } from 'vitest';
import { chatStyles, renderChat } from '../../../../src/model/profiles/chat-styles.ts';

const turns = [
  { role: 'system', content: 'S' },
  { role: 'user', content: 'U' },
  { role: 'assistant', content: 'A' },
  { role: 'tool', content: 'T' },
] as const;

it.each<[keyof typeof chatStyles, string]>([
  ['deepseekV1', 'S\n### Instruction:\nU\n### Response:\nA\n<|EOT|>\n### Instruction:\nT\n### Response:\n'],
  ['deepseekV2', 'S\n\nUser: U\n\nAssistant: A<\uff5cend\u2581of\u2581sentence\uff5c>User: T\n\nAssistant:'],
  [
    'chatml',
    '<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nT<|im_end|>\n<|im_start|>assistant\n',
  ],
  ['llama2', '[INST] S\n\nU [/INST]A</s>[INST] T [/INST]'],
  [
    'gemma',
    '<start_of_turn>user\nS\n\nU<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>\n<start_of_turn>user\nT<end_of_turn>\n<start_of_turn>model\n',
  ],
])('a conversation as %s writes it', (style, text) => {
  expect(renderChat(chatStyles[style], turns)).toBe(text);
});
