import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../grammars/table.ts';

const text = readFileSync(new URL('../../../grammars/LICENCES.md', import.meta.url), 'utf8');
const rows = text.split('\n').flatMap((line) => {
  const [, language, repository, licence, copyright] = line.split('|').map((cell) => cell.trim());
  return repository?.startsWith('https://') ? [{ language, repository, licence, copyright }] : [];
});

describe('the licences of the grammars', () => {
  it('name every language that has a parser, and no other', () => {
    const parsed = languages.flatMap(({ name, wasm }) => (wasm ? [name] : []));
    expect(new Set(rows.map(({ language }) => language))).toEqual(new Set(parsed));
    expect(rows).toHaveLength(parsed.length);
  });

  it.each(rows)('the file holds what $language is under: $licence', ({ licence }) => {
    for (const name of licence?.split(' AND ') ?? ['']) expect(text).toContain(`\n## ${name}\n\n\`\`\`text\n`);
  });

  it('MIT comes with a copyright line', () => {
    const unclaimed = rows.filter(
      ({ licence, copyright }) => licence?.includes('MIT') && !copyright?.startsWith('Copyright '),
    );
    expect(unclaimed).toEqual([]);
  });
});
