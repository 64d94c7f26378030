import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { getLlama } from 'node-llama-cpp';
import type { Llama } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vocabularyCounter } from '../../../src/model/tokens/vocabulary-counter.ts';
import type { VocabularyCounter } from '../../../src/model/tokens/vocabulary-counter.ts';
import { countMessages } from '../../../src/verbs/gateway/prompt-room.ts';
import { copyWithPreTokenizer } from '../../support/gguf-vocabulary.ts';
import type { OllamaServer } from '../../support/ollama-server.ts';
import { isOllamaSetUp, ollamaLeftOut, weightsOf, startOllama } from '../../support/ollama-server.ts';
import { hardText } from '../../support/random-texts.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const smollm = 'smollm2:135m';
/** It runs in Ollama's own engine, with a SentencePiece vocabulary of 262,144 entries. */
const gemma = 'gemma3:270m';
type ModelInfo = Readonly<Record<string, unknown>>;

describe.runIf(available)('tokens counted here and by the programs that run the model', () => {
  let server: OllamaServer;
  let folder: string;
  let llama: Llama;
  let modelInfo: ModelInfo;
  let counter: VocabularyCounter;

  beforeAll(async () => {
    const started = await startOllama();
    if (started === null) throw new Error('Ollama is set up, yet did not start');
    server = started;
    folder = await mkdtemp(join(tmpdir(), 'lorekeep-tokens-'));
    llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1 });
    modelInfo = await shownInfo();
    counter = counterOf(modelInfo);
  });

  afterAll(async () => {
    await llama?.dispose();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function shownInfo(model = smollm): Promise<ModelInfo> {
    const shown = await post('/api/show', { model, verbose: true });
    return shown['model_info'] as ModelInfo;
  }

  async function post(path: string, body: object): Promise<ModelInfo> {
    const response = await fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as ModelInfo;
  }

  function promptTokens(prompt: string, model = smollm): Promise<unknown> {
    const call = { model, prompt, raw: true, stream: false, options: { num_predict: 1, temperature: 0 } };
    return post('/api/generate', call).then((answer) => answer['prompt_eval_count']);
  }

  it('Ollama reports the same for code, scripts, blanks and control tokens', { timeout: 120_000 }, async () => {
    const counted = new Map<string, unknown>();
    for (const prompt of prompts) counted.set(prompt, await promptTokens(prompt));
    expect(prompts.map((prompt) => [prompt, counter.count(prompt) + counter.addedTokens])).toEqual([...counted]);
  });

  it('Ollama reports the same for a vocabulary of the other kind', { timeout: 120_000 }, async () => {
    const ours = counterOf(await shownInfo(gemma));
    const some = prompts.filter((_, place) => place % 4 === 0);
    const counted = new Map<string, unknown>();
    for (const prompt of some) counted.set(prompt, await promptTokens(prompt, gemma));
    expect(some.map((prompt) => [prompt, ours.count(prompt) + ours.addedTokens])).toEqual([...counted]);
  });

  it('Ollama reports the whole prompt, too, when it has evaluated its beginning before', async () => {
    const prompt = 'The quick brown fox jumps over the lazy dog. '.repeat(20);
    expect(await promptTokens(prompt)).toBe(counter.count(prompt));
    expect(await promptTokens(`${prompt}Then it sleeps.`)).toBe(counter.count(`${prompt}Then it sleeps.`));
  });

  it.each([1, 2, 3, 6])('a chat of %i messages takes no more than the room that is kept for it', async (count) => {
    const messages = Array.from({ length: count }, (_, turn) => ({
      role: turn % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `Turn ${turn}: how does the queue work?`,
    }));
    const answer = await post('/api/chat', { model: smollm, messages, stream: false, options: { num_predict: 1 } });
    const room = countMessages(messages, counter);
    expect(answer['prompt_eval_count']).toBeLessThanOrEqual(room);
    // Neither is the room much too large.
    expect(answer['prompt_eval_count']).toBeGreaterThan(room - 5 * (count + 1));
  });

  it.each(preTokenizers)('llama.cpp counts 1,000 random texts alike: %s', { timeout: 60_000 }, async (name) => {
    const file = join(folder, `${name}.gguf`);
    copyWithPreTokenizer(weightsOf('smollm2', '135m'), file, name);
    const loaded = await llama.loadModel({ modelPath: file, vocabOnly: true });
    const ours = counterOf({ ...modelInfo, 'tokenizer.ggml.pre': name });
    expect(ours.isExact).toBe(true);
    fc.assert(
      fc.property(hardText, (text) => {
        expect(ours.count(text)).toBe(loaded.tokenize(text, true).length);
      }),
      { numRuns: 1_000 },
    );
    await loaded.dispose();
  });
});

const preTokenizers = [
  ['smollm', 'starcoder', 'gpt-2', 'default', 'falcon', 'llama-bpe', 'dbrx', 'qwen2', 'seed-coder', 'tekken', 'gpt-4o'],
  ['deepseek-coder', 'deepseek-llm', 'deepseek-v3'],
].flat();

const code = `package main

import "fmt"

// QuickSort sorts in place.
func QuickSort(a []int) {
\tif len(a) < 2 {
\t\treturn
\t}
\tfmt.Println("pivot:", a[0], 3.14e-10, 0xFF_FF)
}
`;

const prompts: readonly string[] = [
  [
    'x',
    ' ',
    '\n',
    '\n\n\n',
    '\t',
    ' \n \n',
    '  leading',
    'trailing  ',
    'a\r\nb\r\n',
    'two  blanks',
    "don't we'll I'VE",
  ],
  [
    '用Go实现一个快速排序算法',
    '请解释这段代码。',
    'これはテストです',
    '한국어 문장',
    'Привет, мир',
    'ελληνικά',
    'שלום',
    'مرحبا ١٢٣',
  ],
  [
    '👍',
    '👩‍👩‍👧‍👦 family',
    '🇩🇪🇫🇷',
    'e\u0301 é',
    '\u200B\u200Bzero',
    '\u00A0\u3000',
    '½ ² ①',
    'ﬁ ﬂ Ａ１',
    '\u{1D400}\u{20000}',
  ],
  [
    '<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n',
    '<|endoftext|>',
    '<|im_start|',
    '<file_sep>a.go',
    '<|IM_END|>',
  ],
  ['12345678901234567890', '1,234,567.89', 'v1.2.3-rc.4+build.5', '0x7fffffff', '2024-01-31T12:00:00Z'],
  [
    'a'.repeat(300),
    '='.repeat(200),
    ' '.repeat(300),
    '\n'.repeat(50),
    'ab'.repeat(200),
    '你'.repeat(100),
    '-*-'.repeat(60),
  ],
  [
    code,
    code.repeat(4),
    code.replaceAll('\n', '\r\n'),
    code.replaceAll('\t', '        '),
    code.replaceAll(/\s+/g, ' '),
  ],
  'def f(self, *args: int, **kw) -> dict[str, Any]:\n    """Doc."""\n    return {k: v for k, v in kw.items() if v is not None}\n',
  'const f = async <T extends object>(a?: T): Promise<void> => { await a?.["x"]!.y(`${a}`); };',
  'SELECT u.id, COUNT(*) AS n FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY 1 HAVING n > 10;',
  '#include <stdio.h>\nint main(void) { printf("%d\\n", 1 << 3); return 0; }',
  '       IDENTIFICATION DIVISION.\n       PROGRAM-ID. HELLO.\n       PROCEDURE DIVISION.\n           DISPLAY "HI".\n',
  '<html><body class="a b">&nbsp;<!-- c --></body></html>',
  'for f in *.txt; do\n  echo "$f" | sed -e \'s/a/b/g\' > /dev/null 2>&1\ndone',
  '{"a":[1,2,{"b":null}],"c":"\\u00e9"}',
  'key: value\nlist:\n  - one\n  - two # note\n',
  '| a | b |\n|---|---|\n| 1 | 2 |\n',
  'https://example.org/path?q=a%20b&x=1#top',
  'camelCaseName snake_case_name SCREAMING_SNAKE kebab-case-name HTTPServer2Go',
  '\u0000\u0001\u001B[31mred\u001B[0m',
  'The quick brown fox jumps over the lazy dog, twice; then it (the fox) rests…',
].flat();

function counterOf(modelInfo: ModelInfo): VocabularyCounter {
  const counter = vocabularyCounter(modelInfo);
  if (counter === null) throw new Error('the model shows no vocabulary');
  return counter;
}
