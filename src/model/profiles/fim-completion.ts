import { ServiceError } from '../../core/errors.ts';
import type { CompletionCall } from '../../core/gateway/model-server.ts';
import { fitFim } from './fit-fim.ts';
import type { FimStyle } from './fim-styles.ts';
import { renderFim } from './render-fim.ts';
import type { FimParts } from './render-fim.ts';

/** What a prompt for a hole is made for. */
export interface FimTarget {
  readonly fim: FimStyle;
  /** Tokens that prompt and answer may fill together. */
  readonly windowTokens: number;
  /** Counts the tokens of a text; undefined for an estimate. */
  readonly count?: ((text: string) => number) | undefined;
}

/** Code of the project, and where the hole is, for a completion. */
export type FimContext = Partial<Pick<FimParts, 'snippets' | 'path' | 'project'>>;

/** A completion that no template touches, and what had to be cut for it. */
export interface FimCompletion {
  readonly call: CompletionCall;
  readonly notices: readonly string[];
}

/** Room for the answer where the caller asks for none in particular: few holes are larger. */
const usualAnswerTokens = 1_024;

/**
 * A fill-in-the-middle call as a raw prompt in the form of the model's family, cut to its window. Throws `request_invalid`
 * for fields that such a prompt has no place for.
 */
export function fimCompletion(call: CompletionCall, target: FimTarget, context: FimContext = {}): FimCompletion {
  refuseUnplaced(call);
  const { model, prompt, suffix = '', options, format, keepAlive, extra } = call;
  const tokens = target.windowTokens - answerRoom(call, target.windowTokens);
  const { parts, notices } = fitFim(
    { prefix: prompt, suffix, snippets: [], ...context },
    { tokens, count: target.count },
  );
  const stops = [options['stop'] ?? []].flat().map(String);
  return {
    call: {
      model,
      prompt: renderFim(target, parts),
      raw: true,
      options: { ...options, stop: [...new Set([...stops, ...target.fim.stops])] },
      ...(format === undefined ? {} : { format }),
      ...(keepAlive === undefined ? {} : { keepAlive }),
      ...(extra === undefined ? {} : { extra }),
    },
    notices,
  };
}

function answerRoom({ options }: CompletionCall, windowTokens: number): number {
  const asked = Number(options['num_predict']);
  return asked > 0 ? Math.min(asked, windowTokens / 2) : Math.min(usualAnswerTokens, windowTokens / 4);
}

function refuseUnplaced(call: CompletionCall): void {
  const given = [
    ['system', call.system],
    ['template', call.template],
    ['context', call.context?.length],
    ['images', call.images?.length],
  ].find(([, value]) => Boolean(value));
  if (given === undefined) return;
  throw new ServiceError(
    'request_invalid',
    `A completion with a suffix has no place for "${given[0]}" with the model "${call.model}". Leave one of them out.`,
  );
}
