import { join, posix } from 'node:path';
import type { CatalogueReader } from '../../src/core/catalogue.ts';
import { toServiceError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/hash.ts';
import type { LabelledQuestion } from '../../src/core/relevance.ts';
import { readSource } from '../read/read-source.ts';
import { isCodePath, isForeignPath } from './code-path.ts';
import { tidySubject } from './commit-subject.ts';
import { mentionsOf, ProjectNames } from './document-mentions.ts';
import { GitRepository } from './git-repository.ts';

/** Where questions are mined. */
export interface MiningParts {
  /** Absolute path of the project's folder. */
  readonly root: string;
  /** The index: only files that it serves can be asked for. */
  readonly catalogue: CatalogueReader;
}

export interface MiningOptions {
  /** How many questions to choose at most. */
  readonly count: number;
  /** Another number, another choice; the same number, the same choice. */
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export interface MinedQuestions {
  readonly questions: readonly LabelledQuestion[];
  /** Sentences the caller must see: a history that could not be read. */
  readonly notices: readonly string[];
}

const changeList = /^(?:change|history|release|news)/i;
const commitsRead = 5000;
const documentsRead = 500;
const maxFilesOfCommit = 2;
/** A file that many commits and sentences are about must not stand for the whole project. */
const maxQuestionsOfFile = 3;

/**
 * Questions about a project that its own people have written: subjects of commits, for the one or two code files that
 * the commit changed, and sentences of documents, for the file that defines what they name. Comments are not used: they
 * are in the index themselves. Deterministic for the same history, documents and index. Errors: `aborted`.
 */
export async function mineQuestions(parts: MiningParts, options: MiningOptions): Promise<MinedQuestions> {
  const history = await historyQuestions(parts, options.signal);
  const documents = documentQuestions(parts, options.signal);
  return { questions: choose([history.questions, documents], options), notices: history.notices };
}

async function historyQuestions({ root, catalogue }: MiningParts, signal?: AbortSignal): Promise<MinedQuestions> {
  try {
    const commits = await new GitRepository(root, 'HEAD', signal).commits(commitsRead);
    const served = new Set(catalogue.paths().map(({ path }) => path));
    const questions = commits.flatMap(({ subject, paths }): LabelledQuestion[] => {
      const code = paths.filter(isCodePath);
      const query = tidySubject(subject);
      const isClear = query !== '' && code.length > 0 && code.length <= maxFilesOfCommit;
      if (!isClear || !code.every((path) => served.has(path) && !isForeignPath(path))) return [];
      return [{ query, relevant: code.map((path) => ({ path })), source: 'commit' }];
    });
    return { questions, notices: [] };
  } catch (error) {
    // Ctrl-C stops git, too, which then looks like a failure.
    signal?.throwIfAborted();
    const { code, message } = toServiceError(error);
    if (code !== 'source_unreadable') throw error;
    return { questions: [], notices: [`No questions from commits: ${message}`] };
  }
}

function documentQuestions({ root, catalogue }: MiningParts, signal?: AbortSignal): LabelledQuestion[] {
  const documents = catalogue.paths().filter(isDocument);
  const names = new ProjectNames(catalogue);
  return documents.slice(0, documentsRead).flatMap(({ path }) => {
    signal?.throwIfAborted();
    const outcome = readSource({ path, absolute: join(root, path) });
    if (outcome.kind !== 'read') return [];
    const mentions = mentionsOf(outcome.file.text, names);
    return mentions.map(({ sentence, path: relevant }): LabelledQuestion => ({
      query: sentence,
      relevant: [{ path: relevant }],
      source: 'document',
      takenFrom: path,
    }));
  });
}

/** Documents that say what the project does; a list of changes speaks of what it once did. */
function isDocument({ path, language }: { readonly path: string; readonly language: string }): boolean {
  return language === 'markdown' && !isForeignPath(path) && !changeList.test(posix.basename(path));
}

/** Takes from each source in turn, in an order that the seed decides, until there are enough. */
function choose(sources: readonly (readonly LabelledQuestion[])[], { count, seed }: MiningOptions): LabelledQuestion[] {
  const shuffled = sources.map((questions) => shuffle(questions, seed));
  const longest = Math.max(...shuffled.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) => shuffled.flatMap((questions) => questions[turn] ?? []));
  const known = new Set<string>();
  const ofFile = new Map<string, number>();
  const chosen: LabelledQuestion[] = [];
  for (const question of turns.flat()) {
    const key = question.query.toLowerCase();
    const paths = question.relevant.map(({ path }) => path);
    if (known.has(key) || paths.some((path) => (ofFile.get(path) ?? 0) >= maxQuestionsOfFile)) continue;
    known.add(key);
    for (const path of paths) ofFile.set(path, (ofFile.get(path) ?? 0) + 1);
    chosen.push(question);
    if (chosen.length === count) break;
  }
  return chosen;
}

function shuffle(questions: readonly LabelledQuestion[], seed: number): LabelledQuestion[] {
  return questions
    .map((question) => ({ question, key: sha256(`${seed}\n${question.query}`) }))
    .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .map(({ question }) => question);
}
