import { languageOf, languageRow } from '../../../grammars/detect.ts';
import { sha256 } from '../../../src/core/hash.ts';
import { isForeignPath } from '../../questions/code-path.ts';
import { GitRepository } from '../../questions/git-repository.ts';
import { generatedContent, generatedName } from '../../read/generated-text.ts';
import { codePairs } from './code-pairs.ts';
import { documentPairs, mentionsIn } from './document-pairs.ts';
import { historyPairs } from './history-pairs.ts';
import type { Block, BlockFile } from './pair.ts';

const maxFileBytes = 150_000;
/** So much of a repository is enough; which files is decided by their hash, so that all parts have their share. */
const maxCodeBytes = 2_500_000;
const maxDocuments = 150;

interface Chosen {
  readonly path: string;
  readonly blob: string;
  readonly bytes: number;
  readonly language: string;
}

/** All blocks of a repository with what is said about them. */
export async function repositoryPairs(folder: string, revision: string): Promise<readonly BlockFile[]> {
  const repository = new GitRepository(folder, revision);
  const { code, documents } = await choose(repository);
  const texts = await repository.contents(code.map(({ blob }) => blob));
  const files: BlockFile[] = [];
  for (const [index, { path, language }] of code.entries()) {
    const text = (texts[index] ?? Buffer.alloc(0)).toString('utf8');
    if (text.includes('\ufffd') || generatedContent(text) !== '') continue;
    files.push(await codePairs(path, language, text));
  }
  const prose = (await repository.contents(documents.map(({ blob }) => blob))).map((bytes) => bytes.toString('utf8'));
  return [...withMentions(files, prose), ...prose.map(documentPairs), await historyPairs(repository)];
}

async function choose(repository: GitRepository): Promise<{ code: Chosen[]; documents: Chosen[] }> {
  const order = new Map<string, string>();
  const orderOf = (path: string): string => {
    const key = order.get(path) ?? sha256(path);
    order.set(path, key);
    return key;
  };
  const files = (await repository.files())
    .filter(({ path, bytes }) => bytes <= maxFileBytes && !isForeignPath(path) && generatedName(path) === '')
    .map((file) => ({ ...file, language: languageOf(file.path, '') }))
    .sort((left, right) => (orderOf(left.path) < orderOf(right.path) ? -1 : 1));
  let left = maxCodeBytes;
  const code = files.filter(({ language, bytes }) => {
    const row = languageRow(language);
    if (row === undefined || row.data || row.document || left <= 0) return false;
    left -= bytes;
    return true;
  });
  return { code, documents: files.filter(({ language }) => language === 'markdown').slice(0, maxDocuments) };
}

/** Adds to the only definition of a name what documents say of it. */
function withMentions(files: readonly BlockFile[], documents: readonly string[]): BlockFile[] {
  const sentences = new Map<string, string>();
  for (const { name, sentence } of documents.flatMap((text) => mentionsIn(text))) sentences.set(name, sentence);
  const counts = new Map<string, number>();
  for (const { name } of files.flatMap(({ blocks }) => blocks)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const mentioned = (block: Block): Block => {
    const sentence = counts.get(block.name) === 1 ? sentences.get(block.name) : undefined;
    if (sentence === undefined) return block;
    return { ...block, questions: [...block.questions, { kind: 'mention', text: sentence }] };
  };
  return files.map((file) => ({ ...file, blocks: file.blocks.map(mentioned) }));
}
