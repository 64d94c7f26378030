import type { EvaluationProgress } from '../../verbs/evaluation/evaluation-report.ts';
import type { CommandContext } from '../command.ts';
import { createProgressBar, type ProgressBar } from '../progress.ts';
import { runDetail } from '../run-indexing.ts';
import { count, counted } from '../terminal-text.ts';

/** Progress of an evaluation: one bar after the other, one for each stage. */
export interface EvaluationBars {
  update(progress: EvaluationProgress): void;
  end(): void;
}

/** Bars on the terminal of a command. `otherName` says in short what the other settings are. */
export function createEvaluationBars({ terminal, now }: CommandContext, otherName: string): EvaluationBars {
  let title = '';
  let bar: ProgressBar | null = null;
  return {
    update(progress) {
      const wanted = titleOf(progress, otherName);
      if (wanted !== title) {
        bar?.end();
        bar = createProgressBar(terminal, wanted, now);
        title = wanted;
      }
      bar?.update(stateOf(progress));
    },
    end: () => bar?.end(),
  };
}

function titleOf(progress: EvaluationProgress, otherName: string): string {
  if (progress.stage === 'index') return `Indexing with ${otherName}`;
  return progress.settings === 'present' ? 'Asking' : `Asking with ${otherName}`;
}

function stateOf(progress: EvaluationProgress): { readonly fraction: number; readonly detail: string } {
  if (progress.stage === 'index') return { fraction: progress.run.fraction, detail: runDetail(progress.run) };
  const { done, total } = progress;
  return { fraction: done / total, detail: `${count(done)} of ${counted(total, 'question')}` };
}
