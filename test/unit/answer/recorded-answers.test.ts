import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerQuestion } from '../../../src/answer/answer-question.ts';
import { checkCitations } from '../../support/check-citations.ts';
import type { AnswerEvent } from '../../../src/core/answer.ts';
import { hitOn, packAsIs } from '../../support/evidence.ts';
import { scriptedGenerator } from '../../support/scripted-generator.ts';

/** An answer as a capable model writes it, rightly or wrongly, and what is to become of it. */
interface RecordedAnswer {
  readonly name: string;
  readonly question: string;
  /** Pieces of evidence that the model was given. */
  readonly evidence: number;
  readonly output: string;
  readonly expected: {
    readonly answer: string;
    readonly cited: readonly number[];
    readonly removed: readonly string[];
    readonly uncited: boolean;
  };
}

function recorded(name: string): readonly RecordedAnswer[] {
  return JSON.parse(
    readFileSync(new URL(`../../fixtures/answers/${name}.json`, import.meta.url), 'utf8'),
  ) as RecordedAnswer[];
}

describe.each(['english', 'chinese'])('recorded answers in %s', (language) => {
  it.each(recorded(language))('$name', async ({ question, evidence, output, expected }) => {
    const { answer, cited, removed, uncited } = expected;
    expect(checkCitations(output, evidence)).toEqual({ text: answer, cited, removed });

    const hits = Array.from({ length: evidence }, (_, index) => hitOn(`src/file-${index + 1}.ts`, [1, 2]));
    const search = async () => ({ hits, mode: 'lexical' as const, notices: [] });
    // Split as a tokenizer does, into short pieces.
    const generator = scriptedGenerator(output.match(/[\s\S]{1,3}/g) ?? []);
    const parts = {
      retriever: { search },
      packCurrent: packAsIs,
      generator,
      markerSecret: 's',
      readingSeconds: 20,
      answerTokens: 800,
    };
    const events: AnswerEvent[] = [];
    for await (const event of answerQuestion(parts, { question, limit: 10 })) events.push(event);

    const shown = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
    const last = events.at(-1);
    expect(shown).toBe(answer);
    expect(last).toMatchObject({ answer: { mode: 'generated', answer, removedCitations: removed, uncited } });
    const numbers = last?.type === 'answer' ? last.answer.citations.map(({ number }) => number) : [];
    expect(numbers).toEqual(uncited ? hits.map((_, index) => index + 1) : cited);
  });
});
