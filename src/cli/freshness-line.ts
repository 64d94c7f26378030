import { describeFreshness, type Freshness } from '../core/freshness.ts';
import type { Terminal } from './terminal.ts';

/** One dim line where the index is behind the files; nothing where it is current. */
export function tellFreshness(terminal: Terminal, freshness: Freshness): void {
  if (freshness.isCurrent) return;
  const text = `Index: ${describeFreshness(freshness)}. Code is shown as it is on disk now.`;
  terminal.note(terminal.styleNote('dim', text));
}
