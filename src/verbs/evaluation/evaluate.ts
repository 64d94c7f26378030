import type { CatalogueReader } from '../../core/catalogue.ts';
import type { LabelledQuestion } from '../../core/relevance.ts';
import type { Retriever } from '../../core/retrieval.ts';
import type { EvaluationProgress, EvaluationReport, IndexSettings } from './evaluation-report.ts';
import {
  changedQuestions,
  differenceOf,
  meanScores,
  type QuestionScore,
  scoreQuestion,
  scoresBySource,
} from './score-questions.ts';

/** An index to be asked, and what it was made with. */
export interface EvaluatedIndex {
  readonly catalogue: CatalogueReader;
  readonly retriever: Retriever;
  readonly settings: IndexSettings;
}

/** An index that is there for the comparison alone. */
export interface TemporaryIndex extends EvaluatedIndex {
  /** Sentences of its making that the caller must see. */
  readonly notices: readonly string[];
}

export interface EvaluateParts {
  readonly project: string;
  readonly present: EvaluatedIndex;
  /** Makes an index by other settings, has it used, and deletes it; null when nothing is compared. */
  readonly withOther: (<T>(use: (index: TemporaryIndex) => Promise<T>) => Promise<T>) | null;
}

/** How an evaluation is watched and stopped. */
export interface EvaluationControl {
  readonly signal: AbortSignal;
  onProgress(progress: EvaluationProgress): void;
}

/** Enough results to fill the largest token budget. */
const resultLimit = 100;

/** Asks the questions of the present index, and of another one to compare it with. Errors: those of search, `aborted`. */
export async function evaluate(
  parts: EvaluateParts,
  questions: readonly LabelledQuestion[],
  control: EvaluationControl,
): Promise<EvaluationReport> {
  const { project, present, withOther } = parts;
  const notices = new Set(coverageNotices(present.catalogue, questions));
  const askAll = (index: EvaluatedIndex, settings: 'present' | 'other'): Promise<QuestionScore[]> =>
    ask(index.retriever, questions, { settings, notices, control });
  const before = await askAll(present, 'present');
  const report = {
    project,
    questions: questions.length,
    settings: present.settings,
    scores: meanScores(before),
    bySource: scoresBySource(before),
  };
  if (withOther === null) return { ...report, notices: [...notices] };
  const against = await withOther(async (other) => {
    for (const notice of [...other.notices, ...ageNotices(present, other)]) notices.add(notice);
    const after = await askAll(other, 'other');
    const difference = differenceOf(before, after);
    return { settings: other.settings, scores: meanScores(after), difference, ...changedQuestions(before, after) };
  });
  return { ...report, against, notices: [...notices] };
}

interface Asking {
  readonly settings: 'present' | 'other';
  /** Collects what the searches have to say. */
  readonly notices: Set<string>;
  readonly control: EvaluationControl;
}

async function ask(
  retriever: Retriever,
  questions: readonly LabelledQuestion[],
  { settings, notices, control }: Asking,
): Promise<QuestionScore[]> {
  const scores: QuestionScore[] = [];
  for (const [done, question] of questions.entries()) {
    control.signal.throwIfAborted();
    control.onProgress({ stage: 'ask', settings, done, total: questions.length });
    const result = await retriever.search({ question: question.query, limit: resultLimit }, control.signal);
    for (const notice of result.notices) notices.add(notice);
    scores.push(scoreQuestion(question, result.hits));
  }
  return scores;
}

/** A file that is not in the index cannot be found: that is for the caller to know, who may have meant another project. */
function coverageNotices(catalogue: CatalogueReader, questions: readonly LabelledQuestion[]): string[] {
  const served = new Set(catalogue.paths().map(({ path }) => path));
  const lost = questions.filter(({ relevant }) => !relevant.some(({ path }) => served.has(path))).length;
  if (lost === 0) return [];
  return [
    `${lost} of the ${questions.length} questions are about files that are not in the index; they count as not found.`,
  ];
}

/** The other index is made from the files as they are now, the present one perhaps was not. */
function ageNotices(present: EvaluatedIndex, other: EvaluatedIndex): string[] {
  const sameSizes = present.settings.chunkCharacters === other.settings.chunkCharacters;
  const stateOf = ({ catalogue }: EvaluatedIndex, path: string): string => {
    const file = catalogue.file(path);
    return `${file?.hash} ${sameSizes ? file?.chunkerVersion : ''}`;
  };
  const paths = new Set([...present.catalogue.paths(), ...other.catalogue.paths()].map(({ path }) => path));
  const differ = [...paths].filter((path) => stateOf(present, path) !== stateOf(other, path)).length;
  if (differ === 0) return [];
  const files = differ === 1 ? '1 file has' : `${differ} files have`;
  return [`${files} changed since the present index was made: \`lorekeep index\` first makes the comparison fair.`];
}
