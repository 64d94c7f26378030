import { describe, expect, it } from 'vitest';
import { loadGrammar, type Grammar } from '../../../grammars/grammar.ts';
import type { ParseOutcome } from '../../../grammars/syntax-tree.ts';

const depth = 200_000;

describe.each(['typescript', 'python', 'c', 'swift', 'scala', 'json'])('hostile text as %s', (language) => {
  it.each([
    ['open parentheses', '('.repeat(depth)],
    ['open square brackets', '['.repeat(depth)],
    ['open braces on lines of their own', '{\n'.repeat(depth)],
    ['balanced brackets', '['.repeat(depth / 2) + ']'.repeat(depth / 2)],
  ])('gives up on %s, the same way each time', async (_, text) => {
    const grammar = await grammarOf(language);
    for (let round = 0; round < 2; round++) expect(outcomeOf(grammar, text)).toEqual({ failed: 'parse_budget' });
  });
});

describe('the work budget', () => {
  it.each(['typescript', 'python', 'c'])(
    'gives up as %s, and parses what comes next from its start',
    async (language) => {
      const grammar = await grammarOf(language);
      const before = outcomeOf(grammar, 'x = 1;\n');
      expect(outcomeOf(grammar, '<'.repeat(depth))).toEqual({ failed: 'parse_budget' });
      expect(outcomeOf(grammar, 'x = 1;\n')).toEqual(before);
    },
  );

  it('leaves room for a large file of plain code', async () => {
    const grammar = await grammarOf('javascript');
    const text = 'export function add(left, right) {\n  return left + right;\n}\n'.repeat(5000);
    const outcome = grammar.parse(text);
    if ('failed' in outcome) throw new Error(outcome.failed);
    expect(outcome.tree.units).toHaveLength(5000);
    outcome.tree.close();
  });

  it('gives up where an error swallows a thousand bare tokens', async () => {
    const grammar = await grammarOf('typescript');
    const outcome = outcomeOf(grammar, 'f(1));\n'.repeat(3) + ') '.repeat(3000));
    expect(outcome).toEqual({ failed: 'parse_budget' });
  });
});

describe('odd text', () => {
  it.each(['', '\uFEFF', '\0\0\0', '\uD800', '\r\r\r', '💥'.repeat(100)])('%j parses', async (text) => {
    for (const language of ['typescript', 'python', 'rust', 'php']) {
      expect(outcomeOf(await grammarOf(language), text)).toHaveProperty('end');
    }
  });
});

async function grammarOf(language: string): Promise<Grammar> {
  const grammar = await loadGrammar(language);
  if (grammar === null) throw new Error(`${language} has no grammar.`);
  return grammar;
}

/** The failure, or where the tree ends. */
function outcomeOf(grammar: Grammar, text: string): { failed: string } | { end: number; units: number } {
  const outcome: ParseOutcome = grammar.parse(text);
  if ('failed' in outcome) return outcome;
  const found = { end: outcome.tree.root.endIndex, units: outcome.tree.units.length };
  outcome.tree.close();
  return found;
}
