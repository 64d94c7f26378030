import type { GenerationEvent, GenerationRequest, Generator, GeneratorInfo } from '../../src/core/generation.ts';

/** A step of a script: a piece of text, another event, or an error to throw. */
export type ScriptStep = string | GenerationEvent | Error;

/** A generator in memory that says what a script tells it, and keeps what it was asked. */
export interface ScriptedGenerator extends Generator {
  readonly requests: readonly GenerationRequest[];
}

const done: GenerationEvent = { type: 'done', promptTokens: 100, outputTokens: 10, truncated: false };

export function scriptedGenerator(
  steps: readonly ScriptStep[],
  info: Partial<GeneratorInfo> | Error = {},
): ScriptedGenerator {
  const requests: GenerationRequest[] = [];
  return {
    requests,
    async describe() {
      if (info instanceof Error) throw info;
      const standard = {
        model: 'tiny',
        host: '127.0.0.1:11434',
        contextTokens: 8_192,
        promptTokensPerSecond: 200,
        notices: [],
      };
      return { ...standard, ...info };
    },
    async *generate(request, signal) {
      requests.push(request);
      for (const step of steps) {
        signal?.throwIfAborted();
        if (step instanceof Error) throw step;
        yield typeof step === 'string' ? { type: 'text', text: step } : step;
      }
      yield done;
    },
  };
}
