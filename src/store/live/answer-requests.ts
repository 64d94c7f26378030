import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toServiceError } from '../../core/errors.ts';
import type { RequestAnswer } from './ask-writer.ts';
import { answerName, askName, lookOften, requestsFolder, waitingRequests } from './request-files.ts';

const lookEveryMs = 2_000;

/** What a writer answers requests with. */
export interface RequestAnswering {
  /** Does what is asked for; what it resolves to, as JSON, is the answer. */
  readonly answer: () => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Answers the requests that other processes leave in an index folder, until what it returns is called. */
export function answerRequests(indexFolder: string, { answer, now }: RequestAnswering): () => void {
  const folder = requestsFolder(indexFolder);
  const inWork = new Set<string>();
  let isOpen = true;
  const serve = async (id: string): Promise<void> => {
    inWork.add(id);
    const reply: RequestAnswer = await answer().then(
      (report) => ({ report }),
      (error: unknown) => {
        const { code, message } = toServiceError(error);
        return { error: { code, message } };
      },
    );
    // When the writer ends, the next one finds the request, or who asked finds that there is none.
    if (isOpen) putAnswer(folder, id, reply);
    inWork.delete(id);
  };
  const stop = lookOften(folder, lookEveryMs, () => {
    for (const id of waitingRequests(folder, now())) {
      if (!inWork.has(id)) void serve(id);
    }
  });
  return () => {
    isOpen = false;
    stop();
  };
}

function putAnswer(folder: string, id: string, answer: RequestAnswer): void {
  const path = join(folder, answerName(id));
  try {
    writeFileSync(`${path}.new`, JSON.stringify(answer), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    rmSync(join(folder, askName(id)), { force: true });
  } catch {
    // The folder is gone or the disk is full: the request is answered with a later look, or given up by who asked.
  }
}
