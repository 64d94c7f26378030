import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../grammars/detect.ts';
import { loadGrammar } from '../../../grammars/grammar.ts';
import type { ReferenceSite, SyntaxNode, SyntaxTree } from '../../../grammars/syntax-tree.ts';
import { extractSymbols } from '../../../indexer/symbol/extract-symbols.ts';
import type { CodeSymbol } from '../../../src/core/code-graph.ts';
import { sourceFileOf } from '../../support/source-file-of.ts';

/** What a fixture's `expected.json` says: all symbols of the sample in order, and some of its references. */
interface Expected {
  readonly symbols: readonly Omit<CodeSymbol, 'nameStart' | 'signature'>[];
  readonly references: readonly Pick<ReferenceSite, 'name' | 'kind'>[];
}

const fixtures = new URL('../../fixtures/languages/', import.meta.url);
const languages = readdirSync(fixtures);

describe.each(languages)('%s fixture', (language) => {
  const folder = new URL(`${language}/`, fixtures);
  const sample = readdirSync(folder).find((name) => name.startsWith('sample'))!;
  const text = readFileSync(new URL(sample, folder), 'utf8');
  const file = sourceFileOf(text, { language, path: sample });
  const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Expected;

  it('is recognised by its name', () => {
    expect(languageOf(sample, text)).toBe(language);
  });

  it('parses without an error', async () => {
    await withTree(language, text, (tree) => expect(errorsIn(tree.root)).toEqual([]));
  });

  it('defines exactly the expected symbols', async () => {
    const symbols = await withTree(language, text, (tree) => extractSymbols(tree, file));
    const found = symbols.map(({ name, kind, container, startLine, endLine }) => ({
      name,
      kind,
      container,
      startLine,
      endLine,
    }));
    expect(found).toEqual(expected.symbols);
  });

  it('gives every symbol the offset of its name', async () => {
    const symbols = await withTree(language, text, (tree) => extractSymbols(tree, file));
    for (const { name, nameStart } of symbols) {
      const written = text.slice(nameStart).replace(/^["']/, '');
      expect(written.slice(0, name.length)).toBe(name);
    }
  });

  it('names the expected references', async () => {
    const references = await withTree(language, text, (tree) => tree.references);
    const found = references.map(({ name, kind }) => ({ name, kind }));
    expect(found).toEqual(expect.arrayContaining([...expected.references]));
  });
});

async function withTree<T>(language: string, text: string, use: (tree: SyntaxTree) => T): Promise<T> {
  const grammar = await loadGrammar(language);
  const outcome = grammar?.parse(text, { references: true });
  if (!outcome || 'failed' in outcome) throw new Error(`The sample of ${language} did not parse.`);
  try {
    return use(outcome.tree);
  } finally {
    outcome.tree.close();
  }
}

/** Where the parser could not make sense of the text. */
function errorsIn(node: SyntaxNode): number[] {
  const inside = node.children.flatMap(errorsIn);
  return node.type === 'ERROR' ? [node.startIndex, ...inside] : inside;
}
