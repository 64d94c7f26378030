import { isCodePath } from '../../questions/code-path.ts';
import { tidySubject } from '../../questions/commit-subject.ts';
import type { GitRepository } from '../../questions/git-repository.ts';
import { type Block, type BlockFile, maxBlockChars } from './pair.ts';

const lookedAt = 2500;
const maxCommits = 500;
const maxPaths = 2;
const minAdded = 4;

/** What a commit's subject says is said of the largest piece of code that it changed. */
export async function historyPairs(repository: GitRepository): Promise<BlockFile> {
  const chosen = (await repository.commits(lookedAt))
    .map((commit) => ({ ...commit, subject: tidySubject(commit.subject), paths: commit.paths.filter(isCodePath) }))
    .filter(({ subject, paths }) => subject !== '' && paths.length > 0 && paths.length <= maxPaths)
    .slice(0, maxCommits);
  const patches = await repository.patches(chosen.map(({ hash }) => hash));
  const subjects = new Map(chosen.map(({ hash, subject }) => [hash, subject]));
  const blocks = patches.flatMap((patch) => blockOf(patch, subjects));
  return { path: '', language: '', blocks };
}

/** The hunk of a patch that adds most. */
function blockOf(patch: string, subjects: ReadonlyMap<string, string>): Block[] {
  const subject = subjects.get(patch.slice(0, 40));
  if (subject === undefined) return [];
  let best = { added: 0, code: '' };
  for (const file of patch.split(/^diff --git /m).slice(1)) {
    const path = /^\+\+\+ b\/([^\n]*)$/m.exec(file)?.[1];
    if (path === undefined || !isCodePath(path)) continue;
    for (const hunk of file.split(/^@@[^@]*@@/m).slice(1)) {
      const kept = hunk.split('\n').filter((line) => !line.startsWith('-'));
      const added = kept.filter((line) => line.startsWith('+')).length;
      if (added > best.added) best = { added, code: kept.map((line) => line.slice(1)).join('\n') };
    }
  }
  if (best.added < minAdded) return [];
  return [{ code: best.code.slice(0, maxBlockChars), questions: [{ kind: 'commit', text: subject }], name: '' }];
}
