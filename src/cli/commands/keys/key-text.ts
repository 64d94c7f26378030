import type { KeySummary } from '../../../verbs/access/keys.ts';
import { oneLine } from '../../terminal-text.ts';

/** What a key may do and for how long, in a few words. */
export function scopeOf({ projects, isAdmin, expiresAt, isExpired }: KeySummary): string {
  const reads = projects === null ? 'all projects' : projects.map(oneLine).join(', ');
  const end = expiresAt === null ? 'no end' : `${isExpired ? 'ended' : 'ends'} ${expiresAt.slice(0, 16)}Z`;
  return [reads, ...(isAdmin ? ['admin'] : []), end].join(' · ');
}
