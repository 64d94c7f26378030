import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const grammar = new URL('../../../grammars/grammar.ts', import.meta.url).href;
const sample = new URL('../../fixtures/languages/swift/sample.swift', import.meta.url).href;

/** Parses long enough for V8 to want to optimize the parser, then prints the most memory that was in use, in MB. */
const script = `
  import { readFileSync } from 'node:fs';
  const { loadGrammar } = await import('${grammar}');
  const swift = await loadGrammar('swift');
  const text = readFileSync(new URL('${sample}'), 'utf8');
  for (let round = 0; round < 800; round++) swift.parse(text).tree.close();
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
`;

it('never lets V8 optimize a grammar: that takes gigabytes and can abort the process', () => {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  expect(Number(run.stdout)).toBeGreaterThan(50);
  expect(Number(run.stdout)).toBeLessThan(400);
});
