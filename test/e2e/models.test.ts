import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InstalledModel, ModelDetails } from '../../src/core/gateway/model-library.ts';
import type { BenchReport } from '../../src/verbs/models/bench-model.ts';
import { createSandbox } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama, weightsOf } from '../support/ollama-server.ts';
import type { OllamaServer } from '../support/ollama-server.ts';
import { writeTinyModel } from '../support/tiny-model.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

describe.runIf(available)('models of a real Ollama', () => {
  let sandbox: Sandbox;
  let server: OllamaServer | null = null;
  let work: string;
  const there = (): string[] => ['--model-url', server?.url ?? ''];
  const json = async <Result>(...words: string[]): Promise<Result> =>
    sandbox.json<Result>(work, 'models', ...words, ...there());
  const run = async (...words: string[]) => sandbox.run(work, 'models', ...words, ...there());
  const modelfile = (text: string): void => writeFileSync(join(work, 'Modelfile'), text);
  const names = async (): Promise<string[]> =>
    (await json<{ models: InstalledModel[] }>('list')).models.map(({ name }) => name).toSorted();

  beforeAll(async () => {
    sandbox = createSandbox();
    work = join(sandbox.home, 'work');
    mkdirSync(join(work, 'tiny'), { recursive: true });
    writeTinyModel(join(work, 'tiny'));
    // Models are made and deleted here: other tests must not see that.
    server = await startOllama('none');
  });
  afterAll(async () => {
    await server?.stop();
    sandbox.remove();
  });

  test('create uploads a GGUF file with its settings; list, show, bench and remove know the model', async () => {
    expect(await names()).toEqual([]);
    const weights = weightsOf('smollm2', '135m');
    modelfile(
      `FROM ${weights}\nPARAMETER num_ctx 1024\nPARAMETER num_thread 1\nPARAMETER stop "<|a|>"\nPARAMETER stop <|b|>\nSYSTEM """Be\nbrief."""\n`,
    );
    const { status, stderr, stdout } = await run('create', 'small:1', '-f', 'Modelfile');
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('Q4_1');
    expect(stderr).toContain('Creating small:1');

    const shown = await json<ModelDetails>('show', 'small:1');
    expect(shown).toMatchObject({ name: 'small:1', quantization: 'Q4_1', contextTokens: 8192, system: 'Be\nbrief.' });
    for (const parameter of [/num_ctx +1024/, /stop +"<\|a\|>"/, /stop +"<\|b\|>"/])
      expect(shown.parameters).toMatch(parameter);

    const report = await json<BenchReport>(
      'bench',
      'small:1',
      '--runs',
      '2',
      '--prompt-tokens',
      '60',
      '--output-tokens',
      '8',
    );
    expect(report.runs).toHaveLength(2);
    expect(report.median.promptTokens).toBeGreaterThan(30);
    expect(report.median.outputTokens).toBeLessThanOrEqual(8);
    for (const speed of ['promptTokensPerSecond', 'outputTokensPerSecond', 'firstTokenMs'] as const)
      expect(report.median[speed]).toBeGreaterThan(0);

    modelfile('FROM small:1\nSYSTEM Another.\n');
    expect(await json('create', 'small:2')).toMatchObject({ system: 'Another.' });
    expect(await names()).toEqual(['small:1', 'small:2']);
    expect(await json('remove', 'small:1')).toEqual({ removed: 'small:1' });
    expect(await names()).toEqual(['small:2']);
  });

  test('create quantizes safetensors of a folder, by a line of the Modelfile or by a flag', async () => {
    modelfile('FROM ./tiny\nQUANTIZE q4_K_M\n');
    expect(await json('create', 'tiny:q4')).toMatchObject({
      family: 'llama',
      quantization: 'Q4_K_M',
      contextTokens: 512,
    });
    expect(await json('create', 'tiny:q8', '--quantize', 'q8_0')).toMatchObject({ quantization: 'Q8_0' });
    modelfile('FROM ./tiny\n');
    expect(await json('create', 'tiny:f16')).toMatchObject({ quantization: 'F16' });
    const { models } = await json<{ models: InstalledModel[] }>('list');
    const bytes = (name: string): number => models.find((model) => model.name === name)?.bytes ?? 0;
    expect(bytes('tiny:q4')).toBeLessThan(bytes('tiny:q8'));
    expect(bytes('tiny:q8')).toBeLessThan(bytes('tiny:f16'));
  });

  test.each([
    { words: ['show', 'nobody'], message: 'not installed', status: 6 },
    { words: ['remove', 'nobody'], message: 'not installed', status: 6 },
    { words: ['bench', 'nobody'], message: 'not installed', status: 6 },
    { words: ['create', 'x'], text: 'FROM nobody\n', message: 'not installed', status: 6 },
    { words: ['create', 'x'], text: 'FROM ./missing.gguf\n', message: 'does not exist', status: 2 },
    { words: ['create', 'x'], text: 'FROM ./tiny\nQUANTIZE q1_tiny\n', message: 'refused the request', status: 2 },
    { words: ['pull', 'nobody'], message: '--from-internet', status: 7 },
  ])('$words fails with $message', async ({ words, text = '', message, status }) => {
    modelfile(text);
    const outcome = await run(...words);
    expect(outcome.stderr).toContain(message);
    expect(outcome.status).toBe(status);
  });
});
