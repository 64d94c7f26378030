import { describe, expect, it } from 'vitest';
import { describeFreshness } from '../../../src/core/freshness.ts';
import { tellFreshness } from '../../../src/cli/places.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { currentOf } from '../../support/fake-service.ts';

const since = '2026-01-02T03:04:05.000Z';

describe('freshness', () => {
  it.each([
    ['current', {}],
    ['1 file pending', { isCurrent: false, pendingFiles: 1 }],
    [`2 files pending since ${since}`, { isCurrent: false, pendingFiles: 2, pendingSince: since }],
    [`files pending since ${since}`, { isCurrent: false, pendingSince: since }],
    ['index not complete', { isCurrent: false, indexedAt: null }],
  ])('is told as "%s"', (text, changes) => {
    expect(describeFreshness(currentOf(changes))).toBe(text);
  });

  it('is a line on the terminal only where the index is behind', () => {
    const notes: string[] = [];
    const terminal = { note: (text: string) => notes.push(text), styleNote: (_: string, text: string) => text };
    tellFreshness(terminal as unknown as Terminal, currentOf());
    expect(notes).toEqual([]);
    tellFreshness(terminal as unknown as Terminal, currentOf({ isCurrent: false, pendingFiles: 2 }));
    expect(notes).toEqual(['Index: 2 files pending. Code is shown as it is on disk now.']);
  });
});
