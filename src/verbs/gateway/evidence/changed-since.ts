import type { EvidenceByMessage } from '../../../answer/conversation/give-evidence.ts';
import type { GivenFile } from '../../../answer/conversation/evidence-memory.ts';
import type { Evidence } from '../../../core/answer.ts';
import type { CheckedProject } from '../../verify/checked-project.ts';

/**
 * Sentences about code that earlier messages of a conversation were given and that has changed since. It is sent again as it was, since a
 * model server has read it already; whoever asks must know.
 */
export async function changedSince(
  projects: readonly CheckedProject[],
  earlier: EvidenceByMessage,
): Promise<readonly string[]> {
  const files = [...earlier.values()].flatMap(({ evidence, files: given }) =>
    given.map((file) => ({ file, pieces: evidence.filter((piece) => isOf(piece, file)) })),
  );
  const changed = await Promise.all(
    files.map(async ({ file, pieces }) => {
      const project = projects.find(({ name }) => name === file.project);
      return project === undefined || (await stillHolds(project, file, pieces)) ? [] : [file.path];
    }),
  );
  const paths = [...new Set(changed.flat())].toSorted();
  if (paths.length === 0) return [];
  return [
    `Code that was given to an earlier message has changed since: ${paths.join(', ')}. ` +
      'The model still has it as it was then; a new conversation starts from what it is now.',
  ];
}

function isOf(piece: Evidence, { project, path }: GivenFile): boolean {
  return piece.project === project && piece.path === path;
}

/** By the file's hash where one look tells it, else by the lines themselves: a change elsewhere in the file is none of this code. */
async function stillHolds(project: CheckedProject, file: GivenFile, pieces: readonly Evidence[]): Promise<boolean> {
  const record = project.catalogue.file(file.path);
  let seen = await project.files.see(file.path, record);
  if (seen.kind === 'same') {
    if (record?.hash === file.hash) return true;
    seen = await project.files.see(file.path, null);
  }
  if (seen.kind !== 'text') return false;
  if (seen.now.hash === file.hash) return true;
  const lines = seen.now.text.split(/\r\n?|\n/);
  return pieces.every(({ text, startLine, endLine }) =>
    sameLines(lines.slice(startLine - 1, endLine), text.split('\n')),
  );
}

function sameLines(now: readonly string[], given: readonly string[]): boolean {
  return now.length === given.length && now.every((line, index) => line.trim() === given[index]?.trim());
}
