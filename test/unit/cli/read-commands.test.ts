import { expect, test } from 'vitest';
import { readCommands } from '../../../src/cli/commands/watch/read-commands.ts';
import { collect } from '../../support/collect.ts';

test('commands are read, what is none is left out, and the end is told', async () => {
  async function* lines() {
    yield '{"do":"look","project":"shop","paths":["a.ts"]}';
    yield '{"do":"look","project":"shop","paths":[1]}';
    yield '{"do":"compare","project":"shop","more":1}';
    yield '{"do":"compare"}';
    yield 'null';
    yield 'no JSON';
  }
  let ends = 0;
  expect(await collect(readCommands(lines(), () => void (ends += 1)))).toEqual([
    { do: 'look', project: 'shop', paths: ['a.ts'] },
    { do: 'compare', project: 'shop' },
  ]);
  expect(ends).toBe(1);
});
