import { describe, expect, test } from 'vitest';
import { searchQuestion } from '../../../src/retrieval/routing/follow-up.ts';
import { isBackgroundTask } from '../../../src/retrieval/routing/wording.ts';

const question = 'and where is it called?';

describe('a follow-up is searched for', () => {
  test.each([
    ['how does refillBucket work', 'refillBucket'],
    ['what is RateLimiter for', 'RateLimiter'],
    ['does parcel_desk start it', 'parcel_desk'],
    ['what does Rack::Response hold', 'Rack::Response'],
    ['is queue.take() fair', 'queue.take'],
    ['what about `due date`', 'due date'],
  ])('with the name in "%s"', (before, name) => {
    expect(searchQuestion(question, [before])).toBe(`${question} ${name}`);
  });

  test('with the words of the last message where nobody named anything', () => {
    expect(searchQuestion(question, ['HTTP is old', 'how are parcels weighed'])).toBe(
      `${question} how are parcels weighed`,
    );
  });

  test('with the latest six names first', () => {
    const history = ['oldestName', 'aA bB cC dD eE'];
    expect(searchQuestion(question, history)).toBe(`${question} aA bB cC dD eE oldestName`);
  });
});

describe.each<[string, (length: number) => string]>([
  ['one word', (length) => `A${'a'.repeat(length)}`],
  ['dollar signs', (length) => 'A$'.repeat(length / 4) + 'a$'.repeat(length / 4)],
  ['joined words', (length) => 'aA.'.repeat(length / 3)],
  ['words that could begin a task', (length) => 'autocomplete '.repeat(length / 13)],
])('a message of a million characters of %s', (_, made) => {
  test('is read in less than a second', () => {
    const message = made(1_000_000);
    const startedAt = performance.now();
    searchQuestion(question, [message]);
    isBackgroundTask(message);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

test.each([
  ['Predict the autocomplete text for the chat below', true],
  [`${'word '.repeat(10_000)}\n<chat_history>`, true],
  ['where is the autocomplete of the editor?', false],
])('%.50s … is a background task: %s', (text, is) => {
  expect(isBackgroundTask(text)).toBe(is);
});
