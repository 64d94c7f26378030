import type { CompletionCall } from '../../core/gateway/model-server.ts';
import { fimCompletion } from '../profiles/fim-completion.ts';
import type { FimCompletion, FimTarget } from '../profiles/fim-completion.ts';

/** A call for a hole in code as a raw prompt, with the code of the project that came with it. */
export function filledHole(call: CompletionCall, target: FimTarget): FimCompletion {
  // They come with the best first, and are written with the best next to the hole.
  const snippets = (call.snippets ?? []).toReversed();
  return fimCompletion(call, target, { snippets });
}
