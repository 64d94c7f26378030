import { expect, test } from 'vitest';
import { EvaluatedTokens } from '../support/evaluated-tokens.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../support/ollama-server.ts';
import { chat, firstText, loadModel } from '../support/prefix-reuse.ts';
import { startService } from '../support/running-service.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const files = ['api/src/rate-limiter.ts', 'api/src/auth/session-store.ts', 'pricing/tariff.py'];
const questions = [
  'How does the RateLimiter refill its buckets?',
  'And where is it called?',
  'What does SessionStore do with an expired session?',
  'Which discounts are there for parcels?',
  'And how is chargeable_weight computed?',
];

test.runIf(available)('a real Ollama reads only what is new', async () => {
  const evaluated = new EvaluatedTokens();
  const ollama = await startOllama('shared', evaluated.onLogLine);
  await using service = await startService({ modelUrl: ollama?.url ?? '' });
  const measured = { service, evaluated };
  await loadModel(measured);

  const [first, second] = [
    await firstText(measured, { question: 'How are buckets refilled?', files, retrieve: 'never' }),
    await firstText(measured, { question: 'When does a session end?', files, retrieve: 'never' }),
  ];
  const beside = await firstText(measured, { question: 'What is charged at weekends?', files });
  process.stdout.write(`${JSON.stringify({ first, second, beside }, null, 1)}\n`);
  expect(first.evaluated).toBeGreaterThan(1_000);
  expect(second.milliseconds / first.milliseconds).toBeLessThanOrEqual(0.1);
  // What is found beside them is read, the files are not.
  expect(beside.evaluated).toBeLessThan(beside.prompt - first.prompt / 2);

  const turns = await chat(
    measured,
    questions.map((content) => ({ content })),
  );
  process.stdout.write(`${JSON.stringify(turns, null, 1)}\n`);
  expect(turns.filter(({ route }) => route === 'none')).toEqual([]);
  for (const turn of turns.slice(1)) expect(turn.evaluated).toBeLessThanOrEqual(turn.fresh * 1.1);
  await ollama?.stop();
});
