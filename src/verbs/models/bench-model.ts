import { ServiceError } from '../../core/errors.ts';
import type { ModelLibrary, SpeedSample } from '../../core/gateway/model-library.ts';

/** How a model's speed is measured. */
export interface BenchRequest {
  readonly model: string;
  readonly runs: number;
  /** About how many tokens each prompt has. */
  readonly promptTokens: number;
  /** Longest answer of each run. */
  readonly outputTokens: number;
}

/** Speeds of one run. */
export interface BenchRun {
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly promptTokensPerSecond: number;
  readonly outputTokensPerSecond: number;
  readonly firstTokenMs: number;
}

/** Each run, and the middle of them. */
export interface BenchReport {
  readonly model: string;
  /** Time until the model was in memory. */
  readonly loadMs: number;
  readonly runs: readonly BenchRun[];
  readonly median: BenchRun;
}

/** How a measurement is watched and stopped. */
export interface BenchControl {
  readonly signal: AbortSignal;
  /** After each run. */
  onRun(done: number, total: number): void;
}

/** Loads a model and measures how fast it reads and writes. Errors as the library's; `model_unavailable` where nothing was written. */
export async function benchModel(
  library: ModelLibrary,
  request: BenchRequest,
  control: BenchControl,
): Promise<BenchReport> {
  const { model, outputTokens } = request;
  const warmUp = await library.sample({ model, prompt: 'Say yes.', outputTokens: 1 }, control.signal);
  const runs: BenchRun[] = [];
  for (let run = 0; run < request.runs; run++) {
    control.onRun(run, request.runs);
    const prompt = benchPrompt(run, request.promptTokens);
    runs.push(speeds(model, await library.sample({ model, prompt, outputTokens }, control.signal)));
  }
  const middle = (pick: (run: BenchRun) => number): number => median(runs.map(pick));
  return {
    model,
    loadMs: warmUp.loadMs,
    runs,
    median: {
      promptTokens: middle((run) => run.promptTokens),
      outputTokens: middle((run) => run.outputTokens),
      promptTokensPerSecond: middle((run) => run.promptTokensPerSecond),
      outputTokensPerSecond: middle((run) => run.outputTokensPerSecond),
      firstTokenMs: middle((run) => run.firstTokenMs),
    },
  };
}

/** Code to read, other from its first word on in each run: a server remembers how the last prompt began. */
export function benchPrompt(run: number, tokens: number): string {
  const words = ['open', 'close', 'merge', 'parse', 'index', 'store', 'count', 'query'];
  // A line like these has about a dozen tokens in the vocabularies of code models.
  const lines = Array.from({ length: Math.max(1, Math.round(tokens / 12)) }, (_, line) => {
    const word = words[(line * 5 + run * 3) % words.length];
    return `const ${word}${run}x${line} = ${word}(source, ${line + run});`;
  });
  return `Run ${run + 1}.\n${lines.join('\n')}\nWrite a long story about this code.`;
}

function speeds(model: string, sample: SpeedSample): BenchRun {
  const { promptTokens, outputTokens, promptMs, outputMs, firstTokenMs } = sample;
  if (outputTokens === 0 || outputMs === 0) {
    throw new ServiceError('model_unavailable', `The model "${model}" wrote nothing, so its speed cannot be measured.`);
  }
  const perSecond = (tokens: number, ms: number): number => (ms === 0 ? 0 : (tokens * 1000) / ms);
  return {
    promptTokens,
    outputTokens,
    promptTokensPerSecond: perSecond(promptTokens, promptMs),
    outputTokensPerSecond: perSecond(outputTokens, outputMs),
    firstTokenMs,
  };
}

/** The middle value, the lower of two. */
function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[(values.length - 1) >> 1] ?? 0;
}
