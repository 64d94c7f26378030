import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { queryFiles } from '../../../grammars/grammar-files.ts';
import { grammarVersion, loadGrammar } from '../../../grammars/grammar.ts';
import { languages } from '../../../grammars/table.ts';
import type { SyntaxTree } from '../../../grammars/syntax-tree.ts';

const parsed = languages.filter((row) => row.wasm !== null);

describe('every language', () => {
  it('is there in good number', () => {
    expect(parsed.length).toBeGreaterThanOrEqual(30);
  });

  it.each(parsed.map((row) => row.name))(
    '%s loads, its queries compile, its version is known beforehand',
    async (name) => {
      const grammar = await loadGrammar(name);
      expect(grammar?.language).toBe(name);
      expect(grammar?.version).toBe(grammarVersion(name));
      expect(grammar?.version).toMatch(/@\d+\.\d+\.\d+\/[0-9a-f]{16}$/);
    },
  );

  it('has one folder of queries and one of fixtures, and there are no others', () => {
    const folders = readdirSync(new URL('../../../grammars/', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'wasm')
      .map((entry) => entry.name);
    const fixtures = readdirSync(new URL('../../fixtures/languages/', import.meta.url));
    const names = parsed.map((row) => row.name).sort();
    expect(folders.sort()).toEqual(names);
    expect(fixtures.sort()).toEqual(names);
  });

  it('names the query files that a package must carry', () => {
    expect(queryFiles({ name: 'tsx', extensions: [], inherits: 'typescript', wasm: null })).toHaveLength(6);
  });
});

describe('loadGrammar', () => {
  it('loads a grammar once', async () => {
    expect(await loadGrammar('go')).toBe(await loadGrammar('go'));
  });

  it('has none for plain text and for unknown languages', async () => {
    expect(await loadGrammar('text')).toBeNull();
    expect(grammarVersion('text')).toBe('');
  });
});

describe('an outline', () => {
  it('counts in UTF-16 and does not need line breaks of any kind', async () => {
    const text = '// 💥 é\r\rfunction grüße() {\r  return "水";\r}\r';
    const tree = await treeOf('javascript', text);
    const unit = tree.units[0]!;
    expect(text.slice(unit.start, unit.bodyStart)).toBe('function grüße() ');
    expect(text.slice(unit.bodyStart, unit.end)).toBe('{\r  return "水";\r}');
    expect(text.slice(tree.leads[0]!.start, tree.leads[0]!.end)).toBe('// 💥 é');
    tree.close();
  });

  it('keeps the outer one of two units with the same body', async () => {
    const tree = await treeOf('python', '@cached\n@traced\ndef load():\n    pass\n');
    expect(tree.units).toEqual([{ start: 0, end: 36, bodyStart: 32, name: 'load' }]);
    tree.close();
  });

  it('calls a function in a class a method, one inside a method a function', async () => {
    const tree = await treeOf('rust', 'struct A;\nimpl A { fn b() { fn c() {} } }\nfn d() {}\n');
    expect(tree.definitions.map(({ kind, container, name }) => [kind, container, name])).toEqual([
      ['class', '', 'A'],
      ['method', 'A', 'b'],
      ['function', 'A.b', 'c'],
      ['function', '', 'd'],
    ]);
    tree.close();
  });

  it('reads the first branch where both together do not parse', async () => {
    const text =
      'int f(int a) {\n#if X\n  if (a) {\n#else\n  if (!a) {\n#endif\n    g();\n  }\n}\nint h(void) { return 1; }\n';
    const tree = await treeOf('c', text);
    expect(tree.definitions.map(({ name }) => name)).toEqual(['f', 'h']);
    expect(tree.root.endIndex).toBe(text.length);
    tree.close();
  });

  it('does not list the name of a definition as a reference', async () => {
    const tree = await treeOf('go', 'package a\ntype B struct{}\ntype C struct{ D B }\n');
    expect(tree.references.map(({ name }) => name)).toEqual(['B']);
    tree.close();
  });

  it('outlives its tree', async () => {
    const tree = await treeOf('lua', 'function a() b() end\n');
    tree.close();
    expect(tree.definitions[0]).toMatchObject({ name: 'a', kind: 'function' });
    expect(tree.references[0]).toMatchObject({ name: 'b', kind: 'call' });
  });
});

async function treeOf(language: string, text: string): Promise<SyntaxTree> {
  const outcome = (await loadGrammar(language))?.parse(text, { references: true });
  if (!outcome || 'failed' in outcome) throw new Error(`${language} did not parse.`);
  return outcome.tree;
}
