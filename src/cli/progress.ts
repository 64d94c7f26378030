import type { Terminal } from './terminal.ts';
import { duration, oneLine } from './terminal-text.ts';

/** How far a long run is. */
interface ProgressState {
  /** Share of all work of all stages, 0 to 1. */
  readonly fraction: number;
  /** What is done now, in a few words: `parsing 120 of 3,000 files`. */
  readonly detail: string;
}

/** Shows a run's progress: a bar that is redrawn on a terminal, a line now and then elsewhere. */
export interface ProgressBar {
  update(state: ProgressState): void;
  end(): void;
}

const redrawMs = 100;
const plainLineMs = 5_000;
/** An estimate from less than this is a guess. */
const firstEstimateMs = 1_500;
const barCells = 24;

/** A bar titled for example `Indexing lorekeep`. It never runs backwards: a lower fraction keeps the highest one shown. */
export function createProgressBar(terminal: Terminal, title: string, now: () => number): ProgressBar {
  const startedAt = now();
  let lastShown = terminal.isLive ? -Infinity : startedAt;
  let highest = 0;
  let lastWork = '';
  return {
    update(state) {
      highest = Math.max(highest, Math.min(1, state.fraction));
      const time = now();
      const [work = ''] = state.detail.split(' ');
      // A bar shows at once when other work begins, however short.
      const isNews = terminal.isLive && work !== lastWork;
      if (!isNews && time - lastShown < (terminal.isLive ? redrawMs : plainLineMs)) return;
      lastWork = work;
      lastShown = time;
      const parts = [percent(highest), oneLine(state.detail), timeLeft(highest, time - startedAt)].filter(
        (part) => part !== '',
      );
      if (terminal.isLive) terminal.setLiveLine(`${title}  ${bar(highest, terminal.noteColumns)}${parts.join(' · ')}`);
      else terminal.note(`${title}: ${parts.join(', ')}`);
    },
    end: () => terminal.setLiveLine(null),
  };
}

function percent(fraction: number): string {
  return `${String(Math.floor(fraction * 100)).padStart(2)} %`;
}

/** Empty on a narrow terminal, where words tell more. */
function bar(fraction: number, columns: number): string {
  if (columns < 70) return '';
  const filled = Math.round(fraction * barCells);
  return `${'━'.repeat(filled)}${'─'.repeat(barCells - filled)}  `;
}

function timeLeft(fraction: number, elapsedMs: number): string {
  if (elapsedMs < firstEstimateMs || fraction < 0.02 || fraction >= 1) return '';
  const left = (elapsedMs * (1 - fraction)) / fraction;
  return left < 1_000 ? 'nearly done' : `${duration(Math.ceil(left / 1000) * 1000).replace('.0 s', ' s')} left`;
}
