import { answerQuestion } from '../answer/answer-question.ts';
import type { AnswerParts, PackCurrent } from '../answer/answer-question.ts';
import type { AnswerEvent } from '../core/answer.ts';
import { fileEvidence } from './file-evidence.ts';
import type { ProjectSummary } from './reports.ts';
import { indexNotices } from './search.ts';
import type { CheckedProject } from './verify/checked-project.ts';
import { packChecked } from './verify/pack-checked.ts';
import { RequestCheck } from './verify/request-check.ts';

/** A question, and where its answer may come from. */
export interface AskRequest {
  readonly question: string;
  /** Absolute paths of files to add as evidence, indexed or not. */
  readonly files: readonly string[];
  /** Whether an answer that was given before will do. */
  readonly cache: boolean;
  /** Asks for the evidence alone. */
  readonly withoutModel: boolean;
  readonly path?: string;
  readonly language?: string;
}

export interface AskParts extends Omit<AnswerParts, 'packCurrent'> {
  readonly projects: readonly (ProjectSummary & CheckedProject)[];
  /** Sentences the caller must see whatever is found. */
  readonly notices: readonly string[];
}

/** More than any evidence budget takes. */
const hitsToPack = 60;

/** Answers a question over projects and named files: see `answerQuestion` for the order of events and the errors. */
export async function* ask(parts: AskParts, request: AskRequest, signal?: AbortSignal): AsyncGenerator<AnswerEvent> {
  const { files, withoutModel, cache: _, ...question } = request;
  const extraHits = await fileEvidence(files, question.question, parts.projects);
  const notices = [...parts.notices, ...indexNotices(parts.projects, question.language)];
  const generator = withoutModel ? null : parts.generator;
  for await (const event of answerQuestion(
    { ...parts, generator, packCurrent: packingOver(parts.projects) },
    { ...question, limit: hitsToPack, extraHits },
    signal,
  )) {
    if (event.type === 'evidence') yield { ...event, notices: [...notices, ...event.notices] };
    else if (event.type === 'answer')
      yield { ...event, answer: { ...event.answer, notices: [...notices, ...event.answer.notices] } };
    else yield event;
  }
}

function packingOver(projects: readonly CheckedProject[]): PackCurrent {
  return async (hits, pack) => {
    const check = new RequestCheck(projects);
    const { packed: evidence } = await packChecked(check, hits, { pack, places: (pieces) => pieces });
    const { freshness, notices } = check.outcome();
    return { evidence, freshness, notices };
  };
}
