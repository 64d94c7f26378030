import { createHash } from 'node:crypto';
import type { ModelDone, ModelEvent, ModelInfo } from '../../core/gateway/model-server.ts';
import type { RequestTrace } from '../../core/gateway/trace.ts';

/** What is checked and noted while an answer passes by. */
export interface Watching {
  readonly trace: RequestTrace;
  readonly info: ModelInfo;
  /** Text behind the answer, '' for none. */
  readonly footer: string;
  /** Tokens of the prompt as counted before it was sent. */
  readonly promptTokens: number;
  readonly isExactCount: boolean;
  readonly now: () => Date;
}

/** A server that cuts a prompt keeps about half of its window; our estimate is up to 2.4 times the real count. */
const wholeShare = { exact: 0.9, estimated: 0.35 } as const;

/** Passes an answer on: notes its parts in the trace, adds the footer, and says so when the server has read less than was sent. */
export async function* watchedEvents(
  events: AsyncIterable<ModelEvent>,
  watching: Watching,
): AsyncGenerator<ModelEvent> {
  const { trace, footer, now } = watching;
  const hash = createHash('sha256');
  let answer = '';
  let hasCalls = false;
  for await (const event of events) {
    trace.firstByteMs ??= now().getTime() - Date.parse(trace.startedAt);
    if (event.type === 'delta') {
      hash.update(event.text);
      answer += event.text;
      hasCalls ||= (event.toolCalls ?? []).length > 0;
      yield event;
      continue;
    }
    // A turn that only calls functions, or loads a model, says nothing that could rest on something.
    if (footer !== '' && answer !== '' && !hasCalls) yield { type: 'delta', text: footer };
    trace.promptTokens = event.promptTokens;
    trace.outputTokens = event.outputTokens;
    trace.answerHash = hash.digest('hex');
    trace.answer = answer;
    yield withLoss(event, watching);
  }
}

function withLoss(done: ModelDone, { info, promptTokens, isExactCount }: Watching): ModelDone {
  const share = isExactCount ? wholeShare.exact : wholeShare.estimated;
  const isLost =
    done.promptTokens > 0 && done.promptTokens < promptTokens * share && promptTokens > info.windowTokens * share;
  if (!isLost) return done;
  const notice = `The model server read only ${done.promptTokens} of about ${promptTokens} tokens of the prompt: it has cut the rest.`;
  return { ...done, notices: [...(done.notices ?? []), notice] };
}
