import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, outcomeOf, printed } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../support/fake-ollama.ts';
import { sendJson } from '../support/fake-server.ts';
import type { FakeAnswer, FakeServer } from '../support/fake-server.ts';

let sandbox: Sandbox;
let shop: string;
let ollama: FakeServer | null = null;

beforeAll(async () => {
  sandbox = createSandbox();
  shop = sandbox.copyProject('shop');
  await sandbox.json(shop, 'index');
});
afterAll(() => sandbox.remove());
afterEach(async () => {
  await ollama?.[Symbol.asyncDispose]();
  ollama = null;
});

/** Runs a command with a model server of its own, until the test ends. */
async function start(answers: Record<string, FakeAnswer>, ...words: string[]) {
  ollama = await startFakeOllama(answers);
  return sandbox.start(shop, [...words, '--model-url', ollama.url]);
}
const chat = (...lines: object[]): Record<string, FakeAnswer> => ({
  '/api/chat': (response) => sendLines(response, lines),
});
const question = ['ask', 'how are passwords checked?', '--model', 'tiny', '--no-cache'];

describe('ask with a model server', () => {
  test('streams the answer, keeps citations that resolve and reports the others', async () => {
    const lines = [
      chatLine('Passwords are compared in constant time [1]'),
      chatLine(', not in the moon [99].'),
      lastLine(),
    ];
    const { status, stdout } = await outcomeOf(await start(chat(...lines), ...question, '--json'));
    const answer = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(answer).toMatchObject({
      mode: 'generated',
      model: 'tiny',
      uncited: false,
      citations: [{ project: 'shop', number: 1 }],
    });
    expect(answer.answer).toContain('constant time [1]');
    expect(answer.answer).not.toContain('[99]');
    expect(answer.removedCitations).toEqual(['[99]']);
    const cited = answer.evidence.find(({ number }: { number: number }) => number === 1);
    expect(answer.citations[0]).toMatchObject({ path: cited.path, startLine: cited.startLine, endLine: cited.endLine });
  });

  test('prints evidence, answer and sources in this order', async () => {
    const { stdout } = await outcomeOf(await start(chat(chatLine('In constant time [1].'), lastLine()), ...question));
    expect(stdout).toMatch(/^Evidence\n[\s\S]*\n\nIn constant time \[1\]\.\n\nSources\n *\[1\] \S+:\d+-\d+\n$/);
  });

  test('gives an answer again without asking the model, until the code or the question changes', async () => {
    const kept = ['ask', 'how are passwords checked?', '--model', 'tiny', '--json'];
    const answers = chat(chatLine('In constant time [1].'), lastLine());
    const [first, second] = [await outcomeOf(await start(answers, ...kept)), await outcomeOf(await start({}, ...kept))];
    expect(JSON.parse(second.stdout)).toMatchObject({
      answer: JSON.parse(first.stdout).answer,
      notices: expect.arrayContaining([expect.stringContaining('--no-cache asks the model again')]),
    });
    expect(ollama?.seen.map(({ path }) => path)).not.toContain('/api/chat');
  });

  test('Ctrl-C in the middle of an answer stops the model and exits with 130', async () => {
    const child = await start(
      { '/api/chat': (response) => sendLines(response, [chatLine('Quokkas check passwords')], false) },
      ...question,
    );
    const outcome = outcomeOf(child);
    await printed(child, 'Quokkas');
    child.kill('SIGINT');
    await ollama?.abandoned;
    expect(await outcome).toMatchObject({ status: 130, stderr: expect.not.stringMatching(/\n\s+at /) });
  });

  test('a model that is not installed costs the generated text, never the evidence', async () => {
    const { status, stdout } = await outcomeOf(await start({}, 'ask', 'sessions', '--model', 'absent', '--json'));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'evidence', notices: [expect.stringContaining('absent')] });
  });

  test('a model that runs elsewhere is not asked', async () => {
    const answers = {
      '/api/show': { remote_host: 'https://models.example', remote_model: 'big', model_info: {}, capabilities: [] },
    };
    const { stdout } = await outcomeOf(await start(answers, ...question, '--json'));
    expect(JSON.parse(stdout)).toMatchObject({
      mode: 'evidence',
      notices: [expect.stringContaining('models.example')],
    });
    expect(ollama?.seen.map(({ path }) => path)).not.toContain('/api/chat');
  });
});

describe('an index with vectors', () => {
  const embed: Record<string, FakeAnswer> = {
    '/api/embed': (response, { body }) => {
      const texts = body['input'] as string[];
      sendJson(response, { embeddings: texts.map((text) => [1, text.length / 1_000]) });
    },
  };
  const embedded = (): number => (ollama?.seen ?? []).filter(({ path }) => path === '/api/embed').length;

  test('is made once, searched with its own embedder, and made anew when the embedder changes', async () => {
    const indexing = await outcomeOf(await start(embed, 'index', '--embedder', 'ollama:tiny', '--json'));
    const first = JSON.parse(indexing.stdout);
    expect(first).toMatchObject({ embedder: 'tiny', embedded: first.chunks });
    expect(first.notices.join(' ')).toContain('made anew');
    await ollama?.[Symbol.asyncDispose]();

    const again = JSON.parse((await outcomeOf(await start(embed, 'index', '--json'))).stdout);
    expect([again.embedder, again.embedded, embedded()]).toEqual(['tiny', 0, 0]);
    await ollama?.[Symbol.asyncDispose]();

    const found = JSON.parse((await outcomeOf(await start(embed, 'search', 'password', '--json'))).stdout);
    expect([found.mode, embedded()]).toEqual(['hybrid', 1]);
    await ollama?.[Symbol.asyncDispose]();

    // From the cache: the server is asked for no vector.
    const rebuilt = JSON.parse((await outcomeOf(await start(embed, 'index', '--rebuild', '--json'))).stdout);
    expect([rebuilt.embedder, embedded()]).toEqual(['tiny', 0]);

    const alone = await sandbox.json<{ mode: string; notices: string[] }>(shop, 'search', 'password');
    expect([alone.mode, alone.notices.join(' ')]).toEqual(['lexical', expect.stringContaining('words only')]);

    expect(await sandbox.json(shop, 'index', '--embedder', 'none')).toMatchObject({ embedder: null });
    expect(await sandbox.json(shop, 'search', 'password')).toMatchObject({ mode: 'lexical', notices: [] });
  });
});
