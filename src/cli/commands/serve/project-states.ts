import { setTimeout } from 'node:timers/promises';
import type { Caller } from '../../../core/gateway/caller.ts';
import type { RequestContext } from '../../../core/gateway/exchange.ts';
import type { Gateway, ServedProject } from '../../../verbs/gateway/gateway.ts';
import { count, counted, oneLine } from '../../terminal-text.ts';
import type { Terminal } from '../../terminal.ts';

const lookEveryMs = 500;

const operator: Caller = { id: 'operator', name: 'operator', projects: null, isAdmin: true };

/** A request of the service's own, noted nowhere. */
function ownRequest(signal: AbortSignal): RequestContext {
  const trace = { id: '', startedAt: '', method: '', route: '', clientAddress: '' };
  return { caller: operator, trace, signal };
}

/** Tells what becomes of each project until all can be read, or cannot be indexed. Ends without an error when stopped. */
export async function reportProjects(gateway: Gateway, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const told = new Map<string, string>();
  try {
    for (;;) {
      const projects = await gateway.projects(ownRequest(signal));
      for (const project of projects) {
        if (told.get(project.name) === project.state) continue;
        told.set(project.name, project.state);
        terminal.note(projectLine(project));
      }
      const indexing = projects.filter(({ state }) => state === 'indexing');
      terminal.setLiveLine(indexing.length === 0 ? null : indexing.map(progressOf).join(' · '));
      if (indexing.length === 0) return;
      await setTimeout(lookEveryMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    terminal.setLiveLine(null);
  }
}

/** `shop: ready (1,234 files, 5,678 chunks)`. */
export function projectLine({ name, root, state, status, problem }: ServedProject): string {
  const size =
    status === null ? '' : ` (${counted(status.totals.files, 'file')}, ${count(status.totals.chunks)} chunks)`;
  const texts: Readonly<Record<ServedProject['state'], string>> = {
    ready: `ready${size}`,
    indexing:
      status === null ? `indexing ${oneLine(root)}` : `looking for changes; answers come from what is indexed${size}`,
    failed: `not up to date: ${oneLine(problem ?? 'unknown')}`,
  };
  return `${oneLine(name)}: ${texts[state]}`;
}

function progressOf({ name, progress }: ServedProject): string {
  return `${oneLine(name)} ${Math.floor((progress ?? 0) * 100)} %`;
}
