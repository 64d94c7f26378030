import type { ErrorCode } from '../../../core/errors.ts';
import { ServiceError } from '../../../core/errors.ts';

/** What the parent is told of a failure. */
export interface ToldFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Advice by the names of the library's errors; they have no codes. */
const advice: Readonly<Record<string, string>> = {
  InsufficientMemoryError: 'There is not enough memory for the model. Choose a smaller one, or free memory.',
  NoBinaryFoundError:
    'The package node-llama-cpp has no library for this machine. Install it with its optional packages, or run the model with Ollama.',
};

/** Translates what the library throws. */
export function failureOf(error: unknown, signal: AbortSignal): ToldFailure {
  if (signal.aborted) return { code: 'aborted', message: 'Stopped before the model had answered.' };
  if (error instanceof ServiceError) return { code: error.code, message: error.message };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (isPackageMissing(error)) {
    const install =
      'Models in GGUF files need the package node-llama-cpp beside Lorekeep: `npm install node-llama-cpp`.';
    return { code: 'model_unavailable', message: install };
  }
  const kind = error instanceof Error ? error.constructor.name : name;
  const known = advice[kind] ?? `The model cannot be run: ${message}`;
  return { code: 'model_unavailable', message: known };
}

function isPackageMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && isLibrary(error.message);
}

function isLibrary(message: string): boolean {
  return message.includes("'node-llama-cpp'");
}
