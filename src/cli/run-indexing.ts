import { basename } from 'node:path';
import type { Service } from '../service.ts';
import type { IndexRequest } from '../service/watching/keeping.ts';
import type { IndexSummary, RunProgress } from '../verbs/reports.ts';
import type { CommandContext } from './command.ts';
import { createProgressBar } from './progress.ts';
import { byteSize, count, counted, duration, oneLine } from './terminal-text.ts';

/** Indexes a folder; progress and outcome go to standard error. */
export async function runIndexing(
  service: Service,
  request: IndexRequest,
  context: CommandContext,
): Promise<IndexSummary> {
  const { terminal } = context;
  const bar = createProgressBar(terminal, `Indexing ${oneLine(basename(request.folder))}`, context.now);
  try {
    const summary = await service.index(request, {
      signal: context.signal,
      onProgress: (progress) => bar.update({ fraction: progress.fraction, detail: runDetail(progress) }),
    });
    bar.end();
    for (const line of summaryLines(summary)) terminal.note(line);
    return summary;
  } finally {
    bar.end();
  }
}

/** What an indexing run does now, in a few words. */
export function runDetail({ stage, files, chunks }: RunProgress): string {
  if (stage === 'walk') return `${counted(files.total, 'file')} found`;
  if (stage === 'finish') return 'finishing the index';
  if (stage === 'embed') return `embedding ${count(chunks.done)} of ${counted(chunks.total, 'chunk')}`;
  if (files.done < files.total) return `reading ${count(files.done)} of ${counted(files.total, 'file')}`;
  return `storing ${count(chunks.done)} of ${counted(chunks.total, 'chunk')}`;
}

function summaryLines(summary: IndexSummary): string[] {
  const project = oneLine(summary.project);
  const size = `${counted(summary.files, 'file')}, ${counted(summary.chunks, 'chunk')}, ${byteSize(summary.bytes)} of source`;
  const head = summary.aborted
    ? `Stopped. The index of ${project} holds ${size}; \`lorekeep index\` goes on from there.`
    : `Indexed ${project}: ${size} in ${duration(summary.elapsedMs)} (${changesOf(summary)}).`;
  const left =
    `${counted(summary.skipped, 'file')} left out, ${count(summary.degraded)} indexed with less than full quality; ` +
    `\`lorekeep status --skipped --project ${project}\` lists them with reasons.`;
  return [head, ...(summary.skipped + summary.degraded > 0 ? [left] : []), ...summary.notices.map(oneLine)];
}

function changesOf({ added, changed, removed, unchanged }: IndexSummary): string {
  if (added + changed + removed === 0) return 'nothing had changed';
  const parts = [
    [added, 'new'],
    [changed, 'changed'],
    [removed, 'removed'],
    [unchanged, 'unchanged'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${count(number)} ${word}`)
    .join(', ');
}
