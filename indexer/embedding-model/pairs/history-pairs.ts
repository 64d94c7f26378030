import { languageOf, languageRow } from '../../../grammars/detect.ts';
import type { GitRepository } from './git-repository.ts';
import { type Block, type BlockFile, maxBlockChars } from './pair.ts';

const lookedAt = 2500;
const maxCommits = 500;
const maxPaths = 2;
const minAdded = 4;
const minSubjectWords = 3;
const maxSubjectWords = 20;
const idle =
  /^(?:merge|bump|release|revert|version|prepare|update (?:dependenc|readme|changelog|docs?)|changelog|typo|lint|format|wip|v?\d+\.\d)|\b(?:changelog|typos?|readme|clippy|eslint|prettier|rubocop|gofmt|github actions?|dependabot|deps)\b/i;

/** What a commit's subject says is said of the largest piece of code that it changed. */
export async function historyPairs(repository: GitRepository): Promise<BlockFile> {
  const chosen = repository
    .commits(lookedAt)
    .map((commit) => ({ ...commit, subject: tidySubject(commit.subject), paths: commit.paths.filter(isCode) }))
    .filter(({ subject, paths }) => subject !== '' && paths.length > 0 && paths.length <= maxPaths)
    .slice(0, maxCommits);
  const patches = await repository.patches(chosen.map(({ hash }) => hash));
  const subjects = new Map(chosen.map(({ hash, subject }) => [hash, subject]));
  const blocks = patches.flatMap((patch) => blockOf(patch, subjects));
  return { path: '', language: '', blocks };
}

function isCode(path: string): boolean {
  const row = languageRow(languageOf(path, ''));
  return row !== undefined && !row.data && !row.document;
}

/** A subject without its type, number and the like; '' where it says nothing about code. */
function tidySubject(subject: string): string {
  const tidy = subject
    .replace(/\s*\(?(?:#|gh-|GH-|!)\d+\)?/g, ' ')
    .replace(/^\[[^\]]*\]\s*/, '')
    .replace(/^\w+(?:\(([^()]*)\))?!?:\s*/, '$1 ')
    .replace(/[`*]/g, '')
    .trim();
  if (idle.test(tidy)) return '';
  const han = tidy.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = tidy.split(/\s+/).length;
  return han >= 5 || (words >= minSubjectWords && words <= maxSubjectWords) ? tidy : '';
}

/** The hunk of a patch that adds most. */
function blockOf(patch: string, subjects: ReadonlyMap<string, string>): Block[] {
  const subject = subjects.get(patch.slice(0, 40));
  if (subject === undefined) return [];
  let best = { added: 0, code: '' };
  for (const file of patch.split(/^diff --git /m).slice(1)) {
    const path = /^\+\+\+ b\/([^\n]*)$/m.exec(file)?.[1];
    if (path === undefined || !isCode(path)) continue;
    for (const hunk of file.split(/^@@[^@]*@@/m).slice(1)) {
      const kept = hunk.split('\n').filter((line) => !line.startsWith('-'));
      const added = kept.filter((line) => line.startsWith('+')).length;
      if (added > best.added) best = { added, code: kept.map((line) => line.slice(1)).join('\n') };
    }
  }
  if (best.added < minAdded) return [];
  return [{ code: best.code.slice(0, maxBlockChars), questions: [{ kind: 'commit', text: subject }], name: '' }];
}
