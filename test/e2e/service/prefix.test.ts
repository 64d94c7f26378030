import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EvaluatedTokens } from '../../support/evaluated-tokens.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../../support/ollama-server.ts';
import type { OllamaServer } from '../../support/ollama-server.ts';
import { chat, firstText, loadModel } from '../../support/prefix-reuse.ts';
import type { Measured } from '../../support/prefix-reuse.ts';
import { startService } from '../../support/running-service.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

// The short form of test/long/prefix-reuse.test.ts.
describe.runIf(available)('a real Ollama reads only what is new', () => {
  let ollama: OllamaServer | null = null;
  let measured: Measured;

  beforeAll(async () => {
    const evaluated = new EvaluatedTokens();
    ollama = await startOllama('shared', evaluated.onLogLine);
    measured = { service: await startService({ modelUrl: ollama?.url ?? '' }), evaluated };
    await loadModel(measured);
  });

  afterAll(async () => {
    await measured.service[Symbol.asyncDispose]();
    await ollama?.stop();
  });

  test('of a second question on the same files', async () => {
    const asked = { files: ['pricing/tariff.py'], retrieve: 'never' };
    const first = await firstText(measured, { ...asked, question: 'What does a heavy parcel cost?' });
    const second = await firstText(measured, { ...asked, question: 'And at weekends?' });
    expect(first.evaluated).toBeGreaterThan(300);
    expect(second.evaluated).toBeLessThan(first.evaluated * 0.1);
  });

  test("of a conversation's next turn", async () => {
    const [first, second] = await chat(measured, [
      { content: 'What does a heavy parcel cost?', files: ['pricing/tariff.py'] },
      { content: 'And in other currencies?', files: ['pricing/currency.py'] },
    ]);
    expect(second?.prompt).toBeGreaterThan((first?.prompt ?? 0) + 200);
    expect(second?.evaluated).toBeLessThanOrEqual((second?.fresh ?? 0) * 1.1);
  });
});
