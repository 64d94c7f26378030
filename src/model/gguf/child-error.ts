import { basename } from 'node:path';
import { ServiceError } from '../../core/errors.ts';

/** The error for a call that its caller stopped. */
export function abortedError(): ServiceError {
  return new ServiceError('aborted', 'Stopped before the model had answered.');
}

/** A process is gone while it was at work. */
export interface LostChild {
  readonly modelPath: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** End of what it wrote to its error output. */
  readonly lastWords: string;
}

/** The error for a process that ended before its work was done. */
export function lostChildError({ modelPath, exitCode, signal, lastWords }: LostChild): ServiceError {
  const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`;
  const words = lastWords.replace(/\s+/g, ' ').trim().slice(-300);
  return new ServiceError(
    'model_unavailable',
    `The process that runs ${basename(modelPath)} ended ${how}${words === '' ? '' : ` (${words})`}. The next call starts ` +
      'another one; when that ends, too, free memory or choose a smaller model.',
  );
}

/** The error for a process that does nothing for too long. */
export function hungChildError(modelPath: string, limitMs: number): ServiceError {
  return new ServiceError(
    'model_timeout',
    `The process that runs ${basename(modelPath)} said nothing for ${limitMs / 1000} s and was ended. Choose a smaller ` +
      'model, or allow more time with --model-idle-timeout-ms.',
  );
}

/** The error for an answer that takes too long in all. */
export function lateChildError(modelPath: string): ServiceError {
  return new ServiceError(
    'model_timeout',
    `The process that runs ${basename(modelPath)} did not end its answer in time and was ended. Ask for a shorter answer, ` +
      'choose a smaller model, or allow more time with --model-total-timeout-ms.',
  );
}
