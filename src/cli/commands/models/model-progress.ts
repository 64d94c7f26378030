import type { ModelProgress, ModelWatch } from '../../../core/gateway/model-library.ts';
import type { CommandContext } from '../../command.ts';
import { createProgressBar } from '../../progress.ts';
import { byteSize, oneLine } from '../../terminal-text.ts';

/** Shows the steps of a long act on a model: a bar for each that has a size, a line for each other. */
export function modelWatch({ terminal, now, signal }: CommandContext, title: string): ModelWatch & { end(): void } {
  let step = '';
  let bar = createProgressBar(terminal, title, now);
  const begin = (progress: ModelProgress): void => {
    step = progress.step;
    bar.end();
    bar = createProgressBar(terminal, title, now);
    if (progress.total === null && !terminal.isLive) terminal.note(`${title}: ${oneLine(step)}`);
  };
  return {
    signal,
    onProgress(progress) {
      if (progress.step !== step) begin(progress);
      const { completed, total } = progress;
      if (total === null) terminal.setLiveLine(`${title}  ${oneLine(step)}`);
      else bar.update({ fraction: (completed ?? 0) / total, detail: detailOf(step, completed ?? 0, total) });
    },
    end: () => bar.end(),
  };
}

function detailOf(step: string, completed: number, total: number): string {
  return `${step} ${byteSize(completed)} of ${byteSize(total)}`;
}
