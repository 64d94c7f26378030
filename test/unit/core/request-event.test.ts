import { expect, test } from 'vitest';
import { withCommonNames } from '../../../src/audit/field-names.ts';
import { requestEvent } from '../../../src/core/gateway/request-event.ts';
import type { RequestTrace } from '../../../src/core/gateway/trace.ts';

const trace: RequestTrace = {
  id: 'r1',
  startedAt: '2026-01-02T03:04:05.678Z',
  method: 'POST',
  route: '/k/lk_secret/v1/chat/completions',
  clientAddress: '127.0.0.1',
  callerId: 'k1',
  callerName: 'editor',
  model: 'deepseek-coder:6.7b',
  projects: ['shop'],
  decision: 'hybrid',
  sent: ['shop/a.ts:1-9'],
  questionHash: 'aa',
  cache: 'miss',
  promptTokens: 100,
  outputTokens: 20,
  firstByteMs: 12.3456,
  status: 200,
  durationMs: 45.67,
};

test('a line says who, what, with which code, and how it ended, and never holds a key', () => {
  const event = requestEvent(trace);
  expect(event).toEqual({
    action: 'request',
    at: trace.startedAt,
    details: {
      id: 'r1',
      method: 'POST',
      route: '/k/…/v1/chat/completions',
      clientAddress: '127.0.0.1',
      keyId: 'k1',
      keyName: 'editor',
      model: 'deepseek-coder:6.7b',
      projects: ['shop'],
      decision: 'hybrid',
      sent: ['shop/a.ts:1-9'],
      questionHash: 'aa',
      cache: 'miss',
      promptTokens: 100,
      outputTokens: 20,
      firstByteMs: 12.3,
      status: 200,
      durationMs: 45.7,
    },
  });
  expect(JSON.stringify(event)).not.toContain('lk_secret');
});

test('contents are in it only where the trace has them', () => {
  expect(requestEvent(trace).details).not.toHaveProperty('question');
  expect(requestEvent({ ...trace, question: 'Why?' }).details).toMatchObject({ question: 'Why?' });
});

test('under the common names nothing is lost and nothing is doubled', () => {
  const { action, at, details } = requestEvent({
    ...trace,
    question: 'q',
    answer: 'a',
    answerHash: 'bb',
    error: 'aborted',
  });
  const named = withCommonNames({ action, at, details, sequence: 7, hash: 'ff', previous: 'ee' });
  expect(named).toMatchObject({
    '@timestamp': trace.startedAt,
    'event.duration': 45_700_000,
    'event.outcome': 'failure',
    'gen_ai.request.model': 'deepseek-coder:6.7b',
    'gen_ai.usage.input_tokens': 100,
    'user.id': 'k1',
  });
  const { durationMs: _, ...others } = details;
  expect(Object.values(named)).toEqual(
    expect.arrayContaining(Object.values(others).filter((value) => value !== undefined)),
  );
});
