import { describe, expect, it } from 'vitest';
import type { LiveState } from '../../../../src/core/live.ts';
import type { CheckedProject } from '../../../../src/verbs/verify/checked-project.ts';
import { freshnessOf } from '../../../../src/verbs/verify/freshness-of.ts';

const indexedAt = '2026-01-02T03:04:05.000Z';

function projectOf(run: string | null, live: Partial<LiveState> | null): CheckedProject {
  const catalogue = { lastCompletedRun: () => run };
  return { catalogue, liveState: () => live } as unknown as CheckedProject;
}

const at = (iso: string): number => Date.parse(iso);

describe('freshnessOf', () => {
  it('is current where nothing differs and nothing waits', () => {
    const idle = projectOf(indexedAt, { pendingFiles: 0, pendingSince: null });
    expect(freshnessOf([idle, projectOf(indexedAt, null)], [])).toEqual({
      isCurrent: true,
      changed: [],
      indexedAt,
      pendingFiles: 0,
      pendingSince: null,
    });
  });

  it('is not current while an index is not complete', () => {
    expect(freshnessOf([projectOf(indexedAt, null), projectOf(null, null)], [])).toMatchObject({
      isCurrent: false,
      indexedAt: null,
    });
  });

  it('tells since when the oldest change waits, as far as the file tells it', () => {
    const differing = [
      { path: 'b.ts', writtenAt: at('2026-01-03T00:00:00.000Z') },
      { path: 'a.ts', writtenAt: at('2026-01-02T12:00:00.000Z') },
      // Put there with the time of what it was copied from.
      { path: 'old.ts', writtenAt: at('2020-01-01T00:00:00.000Z') },
      { path: 'gone.ts', writtenAt: null },
    ];
    expect(freshnessOf([projectOf(indexedAt, null)], differing)).toMatchObject({
      isCurrent: false,
      changed: ['a.ts', 'b.ts', 'gone.ts', 'old.ts'],
      pendingFiles: 4,
      pendingSince: '2026-01-02T12:00:00.000Z',
    });
  });

  it('goes by what those say that keep the indexes current, too', () => {
    const busy = projectOf(indexedAt, { pendingFiles: 7, pendingSince: '2026-01-02T04:00:00.000Z' });
    expect(freshnessOf([busy], [{ path: 'a.ts', writtenAt: null }])).toMatchObject({
      isCurrent: false,
      pendingFiles: 7,
      pendingSince: '2026-01-02T04:00:00.000Z',
    });
    const unsure = projectOf(indexedAt, { pendingFiles: 0, pendingSince: indexedAt });
    expect(freshnessOf([unsure], [])).toMatchObject({ isCurrent: false, pendingFiles: 0, pendingSince: indexedAt });
  });
});
