import { expect, test } from 'vitest';
import type { AnswerDependencies } from '../../../src/core/gateway/answer-cache.ts';
import { answerKey } from '../../../src/cache/answer-key.ts';
import type { ChatCall, ModelInfo } from '../../../src/core/gateway/model-server.ts';

const model: ModelInfo = {
  name: 'deepseek-coder:6.7b',
  digest: 'sha256:1',
  host: '127.0.0.1:11434',
  contextTokens: 16_384,
  windowTokens: 8_192,
  capabilities: ['completion'],
  family: 'llama',
  parameterSize: '6.7B',
  quantization: 'Q4_0',
  bytes: 1,
  modifiedAt: '2026-01-01T00:00:00Z',
  notices: [],
};
const call: ChatCall = {
  model: model.name,
  messages: [{ role: 'user', content: 'Why?' }],
  options: { temperature: 0, seed: 1 },
};
const parts: AnswerDependencies = {
  promptVersion: '1',
  scope: ['shop', 'bank'],
  projects: ['shop'],
  model,
  call,
  route: { kind: 'hybrid', files: [] },
  evidence: [{ project: 'shop', path: 'a.ts', startLine: 1, endLine: 2, hash: 'aa' }],
};
const keyOf = (changes: Partial<AnswerDependencies> = {}, now = 0): string => answerKey({ ...parts, ...changes }, now);

const others: Record<string, Partial<AnswerDependencies>> = {
  'another prompt version': { promptVersion: '2' },
  'other rights of the caller': { scope: ['shop'] },
  'a caller of all projects': { scope: null },
  'other projects': { projects: [] },
  'other weights': { model: { ...model, digest: 'sha256:2' } },
  'another option': { call: { ...call, options: { temperature: 0, seed: 2 } } },
  'another question': { call: { ...call, messages: [{ role: 'user', content: 'Why not?' }] } },
  'another role': { call: { ...call, messages: [{ role: 'system', content: 'Why?' }] } },
  'an image': { call: { ...call, messages: [{ role: 'user', content: 'Why?', images: ['aGk='] }] } },
  'a format': { call: { ...call, format: 'json' } },
  'a format that is a schema': { call: { ...call, format: { type: 'object' } } },
  tools: { call: { ...call, tools: [{ type: 'function' }] } },
  thinking: { call: { ...call, think: true } },
  'a field of the protocol': { call: { ...call, extra: { logprobs: true } } },
  'a completion': { call: { model: model.name, prompt: 'Why?', options: call.options } },
  'another route': { route: { kind: 'symbol', files: [] } },
  'no route': { route: null },
  'files named': { route: { kind: 'hybrid', files: ['a.ts'] } },
  'evidence that has changed': { evidence: [{ ...parts.evidence[0]!, hash: 'bb' }] },
  'evidence that has moved': { evidence: [{ ...parts.evidence[0]!, endLine: 3 }] },
  'no evidence': { evidence: [] },
};

test.each(Object.entries(others))('%s makes another key', (_, changes) => {
  expect(keyOf(changes)).not.toBe(keyOf());
});

test('all those keys differ from each other', () => {
  const keys = Object.values(others).map((changes) => keyOf(changes));
  expect(new Set(keys).size).toBe(keys.length);
});

test('what changes no answer changes no key: order of names, how long a model stays loaded, where it runs, the time', () => {
  const same: Partial<AnswerDependencies>[] = [
    { scope: ['bank', 'shop'] },
    { call: { ...call, options: { seed: 1, temperature: 0 } } },
    { call: { ...call, keepAlive: '5m' } },
    { model: { ...model, host: '127.0.0.1:9', notices: ['It runs elsewhere.'] } },
  ];
  expect(same.map((changes) => keyOf(changes, 1e12))).toEqual(same.map(() => keyOf()));
});

test('the order of keys in a schema counts, as a model may write in that order', () => {
  const schema = (...keys: string[]) => ({ properties: Object.fromEntries(keys.map((key) => [key, {}])) });
  const [one, other] = [schema('a', 'b'), schema('b', 'a')].map((format) => keyOf({ call: { ...call, format } }));
  expect(one).not.toBe(other);
});

test('where a server tells no digest, its address, what it reports and the hour count instead', () => {
  const without = { ...model, digest: '' };
  const at = (changes: Partial<ModelInfo>, now: number): string => keyOf({ model: { ...without, ...changes } }, now);
  expect(at({}, 3_599_999)).toBe(at({}, 0));
  // Such servers give the present time as the time of change.
  expect(at({ modifiedAt: '2026-01-01T00:00:01Z' }, 0)).toBe(at({}, 0));
  expect(at({}, 3_600_000)).not.toBe(at({}, 0));
  expect(at({ host: '127.0.0.1:9' }, 0)).not.toBe(at({}, 0));
  expect(at({ quantization: 'Q8_0' }, 0)).not.toBe(at({}, 0));
});
