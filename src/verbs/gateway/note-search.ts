import type { RequestTrace } from '../../core/gateway/trace.ts';
import { sha256 } from '../../core/hash.ts';
import type { Citation } from '../../core/retrieval.ts';

/** What a search without a model gave out. */
export interface SearchedCode {
  readonly question: string;
  /** Names of the projects that were searched. */
  readonly projects: readonly string[];
  readonly places: readonly Citation[];
}

/** For the audit log: code that a search shows has left the project as much as code in a prompt. */
export function noteSearch(trace: RequestTrace, { question, projects, places }: SearchedCode): void {
  trace.projects = projects;
  trace.sent = places.map(({ project, path, startLine, endLine }) => `${project}/${path}:${startLine}-${endLine}`);
  trace.question = question;
  trace.questionHash = sha256(question);
}
