import { readFileSync, writeFileSync } from 'node:fs';
import { type KnownWords, messageWords } from '../../src/retrieval/routing/message-words.ts';
import { proseOf } from '../../src/retrieval/routing/pasted-code.ts';
import type { Evidence } from '../../src/retrieval/routing/query-router.ts';
import { signalNames } from '../../src/retrieval/routing/route-signals.ts';
import { wordingGrams } from '../../src/retrieval/routing/wording-model.ts';
import type { RoutedMessage } from './router-report.ts';

interface WordingExample {
  readonly author: string;
  readonly language: string;
  readonly label: 'project' | 'general';
  readonly question: string;
  /** What of it a project would define. */
  readonly names?: readonly string[];
}

/** Writes what the router's model is fitted to: the signals and runs of words of each message, then those of the examples without a project. */
export function writeSignals(path: string, routed: readonly RoutedMessage[], examples: string): void {
  const messages = routed.map(({ ms: _, past, ...message }) => ({ ...withGrams(message), past: past.map(withGrams) }));
  const lines = [signalNames, ...messages, ...readExamples(examples)];
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function withGrams({ words, ...message }: Evidence): object {
  return { ...message, grams: [...wordingGrams(words)] };
}

function readExamples(path: string): object[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as WordingExample)
    .map(({ author, language, label, question, names = [] }) => {
      const parts = new Set(names.flatMap((name) => [name, ...(name.match(/\w+/g) ?? [])]));
      const known: KnownWords = {
        defines: (name) => parts.has(name),
        mentions: () => false,
        inPaths: () => false,
        namesTogether: () => false,
      };
      return { author, language, label, question, grams: [...wordingGrams(messageWords(proseOf(question), known))] };
    });
}
