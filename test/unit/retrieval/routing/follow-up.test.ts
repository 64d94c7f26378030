import { describe, expect, it } from 'vitest';
import { searchQuestion } from '../../../../src/retrieval/routing/follow-up.ts';
import { isBackgroundTask } from '../../../../src/retrieval/routing/wording.ts';

describe('searchQuestion', () => {
  it('leaves the first message as it is', () => {
    expect(searchQuestion('and where is it called?', [])).toBe('and where is it called?');
  });

  it.each([
    'where is parseHeader called?',
    'summarise src/limits.ts',
    'which response headers does the proxy remove before sending',
  ])('leaves a message that says itself what it means: %s', (question) => {
    expect(searchQuestion(question, ['what does RateLimiter do'])).toBe(question);
  });

  it('adds the names of the messages before, the latest first', () => {
    const history = ['what does RateLimiter do', 'and `take_token` or Bucket.refill?', 'thanks'];
    expect(searchQuestion('where is it called?', history)).toBe(
      'where is it called? take_token Bucket.refill RateLimiter',
    );
  });

  it('adds no more than six names', () => {
    const names = Array.from({ length: 20 }, (_, at) => `some_name${at}`);
    expect(searchQuestion('and those?', [names.join(' ')]).split(' ')).toHaveLength(2 + 6);
  });

  it('adds the words of the messages before where nobody named anything', () => {
    expect(searchQuestion('ok and if it fails?', ['how do we retry uploads'])).toBe(
      'ok and if it fails? how do we retry uploads',
    );
  });

  it('goes back to the message that has the topic', () => {
    const history = ['how does the mailer wait for results', 'does it poll?'];
    expect(searchQuestion('why?', history)).toBe('why? does it poll? how does the mailer wait for results');
  });

  it('knows follow-ups in Chinese', () => {
    expect(searchQuestion('那它在哪里被调用？', ['parseHeader 是做什么的'])).toBe('那它在哪里被调用？ parseHeader');
    expect(searchQuestion('失败的时候呢', ['上传是怎么重试的，最多几次'])).toBe(
      '失败的时候呢 上传是怎么重试的，最多几次',
    );
  });

  it('takes no names from code that was pasted', () => {
    expect(searchQuestion('why is that?', ['this one fails\n```js\nconst fooBar = 1\n```'])).not.toContain('fooBar');
  });
});

const question = 'and where is it called?';

describe('a follow-up is searched for', () => {
  it.each([
    ['how does refillBucket work', 'refillBucket'],
    ['what is RateLimiter for', 'RateLimiter'],
    ['does parcel_desk start it', 'parcel_desk'],
    ['what does Rack::Response hold', 'Rack::Response'],
    ['is queue.take() fair', 'queue.take'],
    ['what about `due date`', 'due date'],
  ])('with the name in "%s"', (before, name) => {
    expect(searchQuestion(question, [before])).toBe(`${question} ${name}`);
  });

  it('with the words of the last message where nobody named anything', () => {
    expect(searchQuestion(question, ['HTTP is old', 'how are parcels weighed'])).toBe(
      `${question} how are parcels weighed`,
    );
  });

  it('with the latest six names first', () => {
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
  it('is read in less than a second', () => {
    const message = made(1_000_000);
    const startedAt = performance.now();
    searchQuestion(question, [message]);
    isBackgroundTask(message);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

it.each([
  ['Predict the autocomplete text for the chat below', true],
  [`${'word '.repeat(10_000)}\n<chat_history>`, true],
  ['where is the autocomplete of the editor?', false],
])('%.50s … is a background task: %s', (text, is) => {
  expect(isBackgroundTask(text)).toBe(is);
});
