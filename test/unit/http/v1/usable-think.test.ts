import { expect, test } from 'vitest';
import { usableThink } from '../../../../src/http/v1/usable-think.ts';
import { callerOf, fakeGateway, modelInfoOf } from '../../../support/fake-gateway.ts';

const trace = { id: 'r', startedAt: '', method: 'POST', route: '/v1/messages', clientAddress: '' };
const context = { caller: callerOf(), trace, signal: new AbortController().signal };
const models = [
  modelInfoOf({ name: 'plain' }),
  modelInfoOf({ name: 'thinker', capabilities: ['completion', 'thinking'], family: 'qwen3' }),
  modelInfoOf({ name: 'graded', capabilities: ['completion', 'thinking'], family: 'gptoss' }),
];

test.each([
  ['plain', true, undefined],
  ['plain', 'high', undefined],
  ['plain', false, undefined],
  ['thinker', 'high', true],
  ['thinker', false, false],
  ['graded', 'high', 'high'],
] as const)('%s with %s thinks %s', async (model, think, expected) => {
  const usable = await usableThink(fakeGateway({ models }), { model, think }, context);
  expect(usable.think).toBe(expected);
  expect(usable.notices).toHaveLength(model === 'plain' && think !== false ? 1 : 0);
});

test('a request that says nothing of thoughts asks nobody', async () => {
  const gateway = fakeGateway({ models });
  await expect(usableThink(gateway, { model: 'plain', think: undefined }, context)).resolves.toEqual({ notices: [] });
  expect(gateway.calls).toEqual([]);
});
