import { expect, test } from 'vitest';
import { createProgressBar } from '../../../src/cli/progress.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';
import { memoryStream } from '../../support/cli-world.ts';

function barOn(options: { isTTY: boolean; columns: number }) {
  const stderr = memoryStream(options.isTTY, options.columns);
  const clock = { time: 0 };
  const terminal = createTerminal({ stdout: memoryStream(), stderr, environmentColumns: null });
  const bar = createProgressBar(terminal, 'Indexing shop', () => clock.time);
  const at = (time: number, fraction: number, detail = 'parsing'): void => {
    clock.time = time;
    bar.update({ fraction, detail });
  };
  return { stderr, bar, at, terminal };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const percents = (text: string): number[] => [...text.matchAll(/(\d+) %/g)].map((match) => Number(match[1]));

test('never runs backwards', async () => {
  const { at, stderr } = barOn({ isTTY: true, columns: 100 });
  // A lower fraction changes nothing on screen.
  for (const [time, fraction] of [
    [0, 0.1],
    [200, 0.5],
    [400, 0.3],
    [600, 0.8],
    [800, 2],
  ] as const)
    at(time, fraction);
  await settled();
  expect(percents(stderr.text())).toEqual([10, 50, 80, 100]);
});

test('estimates the time left from the whole run', async () => {
  const { at, stderr } = barOn({ isTTY: true, columns: 100 });
  at(1_000, 0.1);
  at(10_000, 0.25);
  await settled();
  expect(stderr.text()).not.toMatch(/10 %.*left.*25 %/s);
  expect(stderr.text()).toContain('25 % · parsing · 30 s left');
});

test('redraws no more than ten times a second', async () => {
  const { at, stderr } = barOn({ isTTY: true, columns: 100 });
  for (let time = 0; time <= 1_000; time += 10) at(time, time / 1_000);
  await settled();
  expect(percents(stderr.text())).toHaveLength(11);
});

test('fits a narrow terminal on one line, with the words and without the bar', async () => {
  const { at, stderr } = barOn({ isTTY: true, columns: 40 });
  at(0, 0.5, 'parsing a/very/long/path/that/does/not/fit/here.ts');
  await settled();
  const line = stderr.text().split('\u001b[2K').at(-1) ?? '';
  expect(line.length).toBeLessThan(40);
  expect(line).toContain('50 %');
  expect(line).not.toContain('━');
});

test('off a terminal prints plain lines now and then, without control characters', async () => {
  const { at, bar, stderr } = barOn({ isTTY: false, columns: 100 });
  for (let time = 0; time <= 12_000; time += 100) at(time, time / 24_000);
  bar.end();
  await settled();
  expect(stderr.text()).toBe('Indexing shop: 20 %, parsing, 19 s left\nIndexing shop: 41 %, parsing, 14 s left\n');
});

test('a note goes above the bar, and the bar leaves nothing behind', async () => {
  const { at, bar, stderr, terminal } = barOn({ isTTY: true, columns: 100 });
  at(0, 0.5);
  terminal.note('a note');
  bar.end();
  await settled();
  expect(stderr.text()).toMatch(/\r\u001b\[2Ka note\nIndexing shop.*\r\u001b\[2K$/s);
});
