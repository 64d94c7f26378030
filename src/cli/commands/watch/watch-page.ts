import type { LiveState } from '../../../core/live.ts';
import type { ChangeCounts, WatchEvent } from '../../../verbs/watch/watch-events.ts';
import { createProgressBar } from '../../progress.ts';
import type { ProgressBar } from '../../progress.ts';
import { count, counted, duration, oneLine } from '../../terminal-text.ts';
import type { Terminal } from '../../terminal.ts';

/** What has been told of a project. */
interface Told {
  files: number | null;
  /** Mode and reason as they were told last. */
  mode: string;
  problem: string | null;
  bar: ProgressBar | null;
}

const pathsShown = 3;

/** What happens to watched projects, in plain words, a line for each thing. */
export class WatchPage {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  show(event: WatchEvent): void {
    const told = this.#told.get(event.project) ?? { files: null, mode: '', problem: null, bar: null };
    this.#told.set(event.project, told);
    if (event.type === 'notice') this.#line(event.project, event.message);
    else if (event.type === 'state') this.#showState(event, told);
    else if (event.type === 'compared') this.#showComparison(event, told);
    else if (event.type === 'changed')
      this.#line(event.project, `${someOf(event.paths)}: ${changesOf(event)} in ${duration(event.elapsedMs)}`);
  }

  /** Takes away what only shows while it runs. */
  end(): void {
    for (const { bar } of this.#told.values()) bar?.end();
  }

  #showState(event: Extract<WatchEvent, { type: 'state' }>, told: Told): void {
    const { project, live, problem, progress } = event;
    if (told.files === null && progress !== null) {
      told.bar ??= createProgressBar(this.#terminal, `Indexing ${oneLine(project)}`, this.#now);
      told.bar.update({ fraction: progress, detail: 'reading and storing' });
    }
    if (problem !== told.problem) {
      told.problem = problem;
      this.#line(
        project,
        problem === null ? 'current again' : `${event.state === 'failed' ? 'not up to date: ' : ''}${problem}`,
      );
    }
    if (told.files !== null) this.#showMode(project, live, told);
  }

  #showComparison(event: Extract<WatchEvent, { type: 'compared' }>, told: Told): void {
    const isFirst = told.files === null;
    told.files = event.files;
    told.bar?.end();
    told.bar = null;
    const changes = changesOf(event);
    if (changes !== '')
      this.#line(event.project, `compared ${counted(event.files, 'file')} in ${duration(event.elapsedMs)}: ${changes}`);
    if (isFirst) told.mode = '';
  }

  /** How changes are noticed, when that is known and whenever it is another way. */
  #showMode(project: string, live: LiveState | null, told: Told): void {
    if (live === null || live.checkedAt === null) return;
    const mode = `${live.mode} ${live.reason ?? ''}`;
    if (mode === told.mode) return;
    told.mode = mode;
    const files = counted(told.files ?? 0, 'file');
    this.#line(
      project,
      live.mode === 'events'
        ? `watching ${files}`
        : `comparing ${files} from time to time, as changes are not seen when they happen: ${live.reason ?? 'unknown'}`,
    );
  }

  #line(project: string, text: string): void {
    this.#terminal.write(`${this.#terminal.style('bold', oneLine(project))}: ${oneLine(text)}\n`);
  }
}

/** `2 new, 1 removed`, or nothing. */
function changesOf({ added, changed, removed }: ChangeCounts): string {
  const parts = [
    [added, 'new'],
    [changed, 'changed'],
    [removed, 'removed'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${count(number)} ${word}`)
    .join(', ');
}

/** The first paths, and how many more there are. */
function someOf(paths: readonly string[]): string {
  const more = paths.length - pathsShown;
  const shown = paths.slice(0, pathsShown).join(', ');
  return more > 0 ? `${shown} and ${count(more)} more` : shown;
}
