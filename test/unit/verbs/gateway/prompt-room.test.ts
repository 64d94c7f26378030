import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { countMessages } from '../../../../src/verbs/gateway/prompt-room.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('a long text is counted once, and not kept', () => {
  let counted = 0;
  const counter = { isExact: true, count: () => ((counted += 1), 7) };
  // As a request brings it: in one piece, where a repeated text would be stored as a rule.
  const textOf = (filler: string): string => JSON.parse(JSON.stringify(filler.repeat(4_000_000))) as string;
  const count = (filler: string): number => countMessages([{ role: 'user', content: textOf(filler) }], counter);
  expect(count('ä')).toBe(count('ä'));
  expect(counted).toBe(1);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (const letter of 'öüßéèêàáâçñ') count(letter);
  collectGarbage();
  expect(counted).toBe(12);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
});
