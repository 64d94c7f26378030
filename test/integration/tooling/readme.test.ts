import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { languages } from '../../../grammars/table.ts';
import { exitStatusMeanings } from '../../../src/cli/exit-codes.ts';
import { optionDefaults } from '../../../src/config-defaults.ts';
import { optionTable } from '../../../src/config-options.ts';
import type { OptionName } from '../../../src/config-options.ts';

const root = resolve(import.meta.dirname, '../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Cells of the table below a heading, without its head. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const lines = readme.slice(readme.indexOf(`${heading}\n`)).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const rows = lines.slice(
    first,
    lines.findIndex((line, index) => index > first && !line.startsWith('|')),
  );
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the configuration table names every option as it is', () => {
  /** Defaults that depend on the machine are described in words. */
  const described: Partial<Record<OptionName, string>> = {
    dataFolder: '`~/.local/share/lorekeep`',
    workers: 'one per core, at most 8',
  };
  const defaults: Readonly<Record<string, unknown>> = optionDefaults;
  const expected = Object.entries(optionTable).map(([name, { flag, trust, summary }]) => [
    `\`${name}\``,
    flag === null ? 'none' : `\`--${flag}\``,
    described[name as OptionName] ?? (String(defaults[name]) === '' ? 'none' : `\`${String(defaults[name])}\``),
    trust,
    summary,
  ]);
  expect(tableBelow('## Configuration')).toEqual(expected);
});

test('the exit statuses are those of the command', () => {
  expect(tableBelow('### Exit status')).toEqual(
    exitStatusMeanings.map(([status, meaning]) => [String(status), meaning]),
  );
});

test('every language with a parser is named', () => {
  const names: Readonly<Record<string, string>> = {
    cpp: 'C++',
    csharp: 'C#',
    objc: 'Objective-C',
    properties: 'properties files',
  };
  const limits = readme.slice(readme.indexOf('\n## Limits'), readme.indexOf('\n## How it is built'));
  const [, list = ''] = /so that chunks[^:]*:([^.]*)\./.exec(limits) ?? [];
  const named = list.split(',').map((name) => name.trim().toLowerCase());
  const parsed = languages.filter(({ wasm }) => wasm !== null).map(({ name }) => (names[name] ?? name).toLowerCase());
  expect(named.toSorted()).toEqual(parsed.toSorted());
});

test('the two commands of a newcomer are one line each', () => {
  for (const heading of ['Try it', 'Test it']) {
    const [, section = ''] = readme.split(`\n## ${heading}\n`);
    const [, block = ''] = /^```console\n([^`]*)```/m.exec(section) ?? [];
    expect(block).toMatch(/^\$ npm ci && npm .*\n$/);
  }
});
