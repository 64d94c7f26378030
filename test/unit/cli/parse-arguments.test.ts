import { describe, expect, test } from 'vitest';
import type { Flag } from '../../../src/cli/command.ts';
import { flagNumber, parseArguments } from '../../../src/cli/parse-arguments.ts';

const flags: Flag[] = [
  { name: 'limit', short: 'n', value: '<n>', summary: '' },
  { name: 'project', value: '<name>', repeatable: true, summary: '' },
  { name: 'json', summary: '' },
];
const parse = (...words: string[]) => parseArguments('search', words, flags);
const bounds = { fallback: 10, min: 1, max: 100 };

describe('parseArguments', () => {
  test('keeps words and flags apart, wherever they stand', () => {
    const invocation = parse('how', '--limit', '3', 'does', '--project=a b', '--project', 'c', '--json', 'it');
    expect(invocation.positionals).toEqual(['how', 'does', 'it']);
    expect(invocation.flags.get('project')).toEqual(['a b', 'c']);
    expect(invocation.flags.has('json')).toBe(true);
    expect(flagNumber(invocation, 'limit', bounds)).toBe(3);
  });

  test('takes words after -- as they are', () => {
    expect(parse('--', '--json', '-n').positionals).toEqual(['--json', '-n']);
    expect(parse('--', '--json').flags.has('json')).toBe(false);
  });

  test('takes a short flag with its value attached or apart', () => {
    expect(flagNumber(parse('-n5'), 'limit', bounds)).toBe(5);
    expect(flagNumber(parse('-n', '6'), 'limit', bounds)).toBe(6);
  });

  test.each([
    [['--limt', '3'], 'Unknown option --limt. Did you mean --limit?'],
    [['--qqqqqq'], 'Unknown option --qqqqqq. `lorekeep search --help`'],
    [['-x'], 'Unknown option -x.'],
    [['--limit'], '--limit needs a value: --limit <n>.'],
    [['--limit', '--json'], '--limit needs a value'],
    [['--limit='], '--limit needs a value'],
    [['--json=yes'], '--json takes no value'],
    [['--__proto__'], 'Unknown option --__proto__'],
  ])('refuses %j', (words, message) => {
    expect(() => parse(...words)).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringContaining(message) }),
    );
  });

  test('a value may start with a dash when it is attached', () => {
    expect(parse('--project=-odd').flags.get('project')).toEqual(['-odd']);
  });

  test.each(['0', '101', '1.5', 'ten', '1e1'])('refuses the number %s', (text) => {
    expect(() => flagNumber(parse('--limit', text), 'limit', bounds)).toThrow('whole number from 1 to 100');
  });
});
