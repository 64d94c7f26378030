import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { mineQuestions } from '../../../indexer/questions/mine-questions.ts';
import type { CatalogueReader } from '../../core/catalogue.ts';
import { ServiceError } from '../../core/errors.ts';
import type { LabelledQuestion, RelevantSpan } from '../../core/relevance.ts';
import type { QuestionRequest, QuestionSet } from './evaluation-report.ts';

/** The project that questions are about. */
export interface QuestionParts {
  readonly name: string;
  readonly root: string;
  readonly catalogue: CatalogueReader;
}

/** A line of a question file; it may name the repository it is about. */
interface QuestionLine extends LabelledQuestion {
  readonly repo?: string;
}

/**
 * Labelled questions about a project: read from a file, or mined from its history and documents. Errors:
 * `source_unreadable` for a file that cannot be read, `request_invalid` for one that is no list of questions, or when
 * there is nothing to ask; `aborted`.
 */
export async function collectQuestions(
  project: QuestionParts,
  request: QuestionRequest,
  signal: AbortSignal,
): Promise<QuestionSet> {
  if ('file' in request) return { questions: readQuestions(request.file, project), notices: [] };
  const mined = await mineQuestions(project, { ...request, signal });
  if (mined.questions.length > 0) return mined;
  const message =
    `No questions could be made about ${project.name}: that takes a git history with commits that change one or two ` +
    'indexed code files, or Markdown documents that name what the code defines. Write some by hand and pass them with ' +
    '--queries: one {"query": "…", "relevant": [{"path": "…"}]} per line.';
  throw new ServiceError('request_invalid', [message, ...mined.notices].join('\n'));
}

/** Reads one question per line. In a file about several repositories only those about the project count. */
function readQuestions(file: string, { name, root }: QuestionParts): LabelledQuestion[] {
  const lines = readText(file)
    .split('\n')
    .map((text, index) => ({ text, where: `${file}, line ${index + 1}` }))
    .filter(({ text }) => text.trim() !== '');
  const all = lines.map(({ text, where }) => questionOf(text, where));
  if (all.length === 0) throw new ServiceError('request_invalid', `${file} holds no questions.`);
  const own = all.filter(({ repo }) => repo === undefined || repo === name || repo === basename(root));
  if (own.length > 0) return own.map(({ repo: _, ...question }) => question);
  const repos = [...new Set(all.map(({ repo }) => repo))].slice(0, 5).join(', ');
  throw new ServiceError('request_invalid', `No question of ${file} is about ${name}; they are about ${repos}.`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ServiceError('source_unreadable', `The file ${file} does not exist or cannot be read.`, { cause });
  }
}

function questionOf(text: string, where: string): QuestionLine {
  const { query, relevant, source, takenFrom, repo } = objectOf(text, where);
  if (typeof query !== 'string' || query.trim() === '') throw wrongLine(where, '"query" must be a text');
  if (!Array.isArray(relevant) || relevant.length === 0) throw wrongLine(where, '"relevant" must name a file');
  return {
    query,
    relevant: relevant.map((span: unknown) => spanOf(span, where)),
    ...(typeof source === 'string' && { source }),
    ...(typeof takenFrom === 'string' && { takenFrom }),
    ...(typeof repo === 'string' && { repo }),
  };
}

function spanOf(value: unknown, where: string): RelevantSpan {
  const { path, startLine, endLine } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof path !== 'string' || path === '') throw wrongLine(where, 'each of "relevant" must have a "path"');
  const isWhole = startLine === undefined && endLine === undefined;
  const isRange = Number.isInteger(startLine) && Number.isInteger(endLine) && Number(startLine) <= Number(endLine);
  if (!isWhole && !isRange) throw wrongLine(where, '"startLine" and "endLine" must be whole numbers in order');
  return isWhole ? { path } : { path, startLine: Number(startLine), endLine: Number(endLine) };
}

function objectOf(text: string, where: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw wrongLine(where, 'it is not valid JSON', cause);
  }
  throw wrongLine(where, 'it must be a JSON object');
}

function wrongLine(where: string, problem: string, cause?: unknown): ServiceError {
  const example = '{"query": "…", "relevant": [{"path": "…"}]}';
  return new ServiceError('request_invalid', `${where}: ${problem}. A line looks like ${example}.`, { cause });
}
