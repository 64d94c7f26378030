import { describe, expect, it } from 'vitest';
import { answerQuestion } from '../../../src/answer/answer-question.ts';
import type { Answer, AnswerEvent } from '../../../src/core/answer.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import type { Generator } from '../../../src/core/generation.ts';
import type { Hit, SearchResult } from '../../../src/core/retrieval.ts';
import { hitOn, packAsIs } from '../../support/evidence.ts';
import { scriptedGenerator } from '../../support/scripted-generator.ts';

const found = [hitOn('src/lock.ts', [1, 20], { name: 'take' }), hitOn('src/pay.ts', [5, 9])];

function ask(
  generator: Generator | null,
  more: { hits?: readonly Hit[]; extraHits?: readonly Hit[]; notices?: readonly string[]; signal?: AbortSignal } = {},
): AsyncGenerator<AnswerEvent> {
  const result: SearchResult = { hits: more.hits ?? found, mode: 'lexical', notices: more.notices ?? [] };
  const parts = {
    retriever: { search: async () => result },
    packCurrent: packAsIs,
    generator,
    markerSecret: 's',
    readingSeconds: 20,
    answerTokens: 800,
  };
  return answerQuestion(
    parts,
    { question: 'How is it locked?', limit: 10, ...(more.extraHits && { extraHits: more.extraHits }) },
    more.signal,
  );
}

async function run(...args: Parameters<typeof ask>): Promise<{ events: AnswerEvent[]; answer: Answer; shown: string }> {
  const events: AnswerEvent[] = [];
  for await (const event of ask(...args)) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'answer') throw new Error('the last event is no answer');
  return {
    events,
    answer: last.answer,
    shown: events.map((event) => (event.type === 'text' ? event.text : '')).join(''),
  };
}

describe('answerQuestion with a model', () => {
  it('gives the evidence first, then text, then the whole answer', async () => {
    const { events, answer, shown } = await run(scriptedGenerator(['It locks', ' [1', '].']));
    expect(events.map(({ type }) => type)).toEqual(['evidence', 'text', 'text', 'answer']);
    expect(shown).toBe('It locks [1].');
    expect(answer).toEqual({
      mode: 'generated',
      answer: 'It locks [1].',
      citations: [{ number: 1, project: 'shop', path: 'src/lock.ts', startLine: 1, endLine: 20 }],
      uncited: false,
      removedCitations: [],
      model: 'tiny',
      freshness: null,
      notices: [],
    });
  });

  it('sends evidence and question, with room for the answer', async () => {
    const generator = scriptedGenerator(['Yes [1].']);
    await run(generator);
    const [request] = generator.requests;
    expect(request?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(request?.messages[1]?.content).toMatch(
      /\[1\] src\/lock\.ts:1-20[\s\S]*\[2\] src\/pay\.ts:5-9[\s\S]*How is it locked\?/,
    );
    expect(request).toMatchObject({ maxTokens: 800 });
  });

  it('puts files that the caller named before whatever was found', async () => {
    const generator = scriptedGenerator(['Yes [1].'], { promptTokensPerSecond: 1, contextTokens: 4_096 });
    const { events } = await run(generator, {
      hits: [hitOn('z.ts', [1, 400])],
      extraHits: [hitOn('named.ts', [1, 10])],
    });
    const [first] = events;
    expect(first?.type === 'evidence' ? first.evidence[0]?.path : '').toBe('named.ts');
  });

  it('leaves out places that are far weaker than the best one', async () => {
    const hits = [hitOn('src/lock.ts', [1, 20], { score: 5 }), hitOn('src/pay.ts', [5, 9], { score: 0.4 })];
    const { answer } = await run(null, { hits });
    expect(answer.citations.map(({ path }) => path)).toEqual(['src/lock.ts']);
  });

  it('carries the notices of search and model to the evidence and to the answer', async () => {
    const { events, answer } = await run(
      scriptedGenerator(['Yes [1].', { type: 'notice', notice: 'cut' }], { notices: ['remote'] }),
      { notices: ['stale'] },
    );
    expect(events[0]).toMatchObject({ notices: ['stale', 'remote'] });
    expect(answer.notices).toEqual(['stale', 'remote', 'cut']);
  });

  it('marks an answer without citations and lists what the model was given', async () => {
    const { answer } = await run(scriptedGenerator(['It locks [7].']));
    expect(answer).toMatchObject({ answer: 'It locks.', uncited: true, removedCitations: ['[7]'] });
    expect(answer.citations.map(({ path }) => path)).toEqual(['src/lock.ts', 'src/pay.ts']);
  });

  it('marks an answer that was stopped for its length', async () => {
    const { answer, shown } = await run(
      scriptedGenerator(['It locks [1] and', { type: 'done', promptTokens: 1, outputTokens: 1, truncated: true }]),
    );
    expect(answer.answer).toBe('It locks [1] and […]');
    expect(shown).toBe(answer.answer);
    expect(answer.notices).toEqual([expect.stringContaining('longest length')]);
  });

  it('keeps what came before a failure, and says why it ends', async () => {
    const failure = new ServiceError('model_timeout', 'The model server fell silent.');
    const { answer, shown } = await run(scriptedGenerator(['It locks [1', '] and then [', failure]));
    expect(answer).toMatchObject({ mode: 'generated', answer: 'It locks [1] and then [ […]', uncited: false });
    expect(shown).toBe(answer.answer);
    expect(answer.notices).toEqual(['The answer breaks off. The model server fell silent.']);
  });
});

describe('answerQuestion without an answer of a model', () => {
  const unavailable = new ServiceError('model_unavailable', 'No model server answers. Start Ollama.');

  it.each([
    ['cannot be reached', scriptedGenerator([], unavailable)],
    ['fails before the first word', scriptedGenerator([unavailable])],
  ])('gives the evidence when the model %s, and says how to get more', async (_case, generator) => {
    const { events, answer } = await run(generator);
    expect(events.map(({ type }) => type)).toEqual(['evidence', 'answer']);
    expect(answer).toMatchObject({ mode: 'evidence', model: null, uncited: false, removedCitations: [] });
    expect(answer.answer).toMatch(/^\[1\] src\/lock\.ts:1-20\n[\s\S]*\n\[2\] src\/pay\.ts:5-9\n/);
    expect(answer.citations).toHaveLength(2);
    expect(answer.notices).toEqual([
      expect.stringMatching(/only evidence is shown\. No model server answers\. Start Ollama\.$/),
    ]);
  });

  it.each([[[]], [['']], [['  ', '\n']]])('gives the evidence when the model says %j', async (steps) => {
    const { answer } = await run(scriptedGenerator(steps));
    expect(answer).toMatchObject({ mode: 'evidence', notices: [expect.stringContaining('ended without a word')] });
  });

  it('tells an unexpected failure in one sentence, without a stack trace', async () => {
    const { answer } = await run(scriptedGenerator([], new TypeError('x is undefined')));
    expect(answer.mode).toBe('evidence');
    expect(answer.notices.join()).toContain('x is undefined');
    expect(JSON.stringify(answer)).not.toContain('    at ');
  });

  it('asks no model where the caller wants none', async () => {
    const { answer } = await run(null);
    expect(answer).toMatchObject({ mode: 'evidence', notices: [expect.stringContaining('No model was asked')] });
  });

  it('says that nothing was found, and asks no model', async () => {
    const generator = scriptedGenerator(['I know anyway.']);
    const { answer } = await run(generator, { hits: [] });
    expect(answer).toMatchObject({
      mode: 'evidence',
      citations: [],
      answer: expect.stringContaining('Nothing in the index matches'),
    });
    expect(generator.requests).toEqual([]);
  });

  it('says so when the context window has no room for evidence', async () => {
    const { answer } = await run(scriptedGenerator(['Yes.'], { contextTokens: 256 }));
    expect(answer).toMatchObject({ mode: 'evidence', answer: expect.stringContaining('no room') });
  });
});

describe('stopping', () => {
  it('is passed on while the model is asked', async () => {
    const stop = new AbortController();
    const events = ask(scriptedGenerator(['one', 'two', 'three']), { signal: stop.signal });
    await events.next();
    await events.next();
    stop.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'aborted' });
  });

  it('is passed on while the model is described', async () => {
    await expect(run(scriptedGenerator([], new ServiceError('aborted', 'Stopped.')))).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('passes a failed search on', async () => {
    const broken = new ServiceError('not_indexed', 'Index first.');
    const retriever = { search: () => Promise.reject(broken) };
    const parts = {
      retriever,
      packCurrent: packAsIs,
      generator: scriptedGenerator([]),
      markerSecret: 's',
      readingSeconds: 20,
      answerTokens: 800,
    };
    await expect(answerQuestion(parts, { question: 'q', limit: 1 }).next()).rejects.toBe(broken);
  });
});
