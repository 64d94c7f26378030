import { packEvidence } from '../../answer/context-window.ts';
import { evidenceBlock } from '../../answer/prompt.ts';
import type { Evidence } from '../../core/answer.ts';
import type { Exchange, GatewayRequest, LorekeepOptions, RequestContext } from '../../core/gateway/exchange.ts';
import type { CompletionCall, ModelInfo } from '../../core/gateway/model-server.ts';
import type { GatewayParts } from './converse.ts';
import { exchangeOf } from './exchange-of.ts';
import { findEvidence } from './evidence/find-evidence.ts';
import type { Wanted } from './evidence/find-evidence.ts';
import { packCurrent } from './evidence/pack-current.ts';
import { RequestCheck } from '../verify/request-check.ts';
import { countMessages, refuseHopeless, requireFit, roomForEvidence } from './prompt-room.ts';

/** Lines around the cursor that say what is being written. */
const linesBefore = 12;
const linesAfter = 4;
/** An editor waits for every completion, and each snippet must be read first. */
const snippetTokens = 600;
const maxSnippets = 4;

/** Completes a prompt, or fills a hole in code. A prompt that is `raw` is the client's own affair: nothing is added to it. */
export async function complete(
  parts: GatewayParts,
  { call, lorekeep }: GatewayRequest<CompletionCall>,
  context: RequestContext,
): Promise<Exchange> {
  const { signal } = context;
  const [info, counter] = await Promise.all([
    parts.server.describe(call.model, signal),
    parts.server.tokenCounter(call.model, signal),
  ]);
  const count = ({ prompt, suffix = '', system = '', snippets = [] }: CompletionCall): number => {
    const texts = [system, suffix, prompt, ...snippets.map(({ text }) => text)].filter((text) => text !== '');
    return countMessages(
      texts.map((content) => ({ role: 'user', content })),
      counter,
    );
  };
  if (!hasHole(call)) refuseHopeless([call.prompt], info);
  const budget = await budgetOf(parts, call, { info, promptTokens: count(call) });
  const wanted = { ...wantedOf(call, lorekeep), budget };
  const { found, packed: evidence } = await packCurrent(
    new RequestCheck(parts.knowledge?.indexes ?? []),
    await findEvidence(parts.knowledge, wanted, signal),
    { pack: (hits) => packEvidence(hits, budget, lorekeep.files), places: (pieces) => pieces },
  );
  const sent = withEvidence(call, evidence, parts.markerSecret);
  const promptTokens = count(sent);
  // A hole's surroundings are cut to the window by who renders them; every other prompt must fit whole.
  if (!hasHole(call)) requireFit(promptTokens, counter, info);
  return exchangeOf(parts, {
    context,
    lorekeep,
    info,
    found,
    evidence,
    promptTokens,
    call: sent,
    question: call.prompt,
    isExactCount: counter.isExact,
    notices: [],
    generate: (stop) => parts.server.complete(sent, stop),
  });
}

interface Budgeting {
  readonly info: ModelInfo;
  readonly promptTokens: number;
}

async function budgetOf(parts: GatewayParts, call: CompletionCall, budgeting: Budgeting): Promise<number> {
  const { info, promptTokens } = budgeting;
  const { answerTokens, readingSeconds } = parts;
  const maxOutput = typeof call.options['num_predict'] === 'number' ? call.options['num_predict'] : null;
  const promptTokensPerSecond = await parts.promptSpeed(info);
  const room = roomForEvidence({ info, promptTokens, maxOutput, answerTokens, readingSeconds, promptTokensPerSecond });
  return hasHole(call) ? Math.min(room, snippetTokens) : room;
}

/** What to look for: a prompt's own words, or the lines around a hole. */
function wantedOf(call: CompletionCall, options: LorekeepOptions): Omit<Wanted, 'budget'> {
  const wanted = { history: [], isContinued: false };
  if (call.raw === true)
    return { ...wanted, question: call.prompt, options: { ...options, retrieve: 'never', files: [] } };
  if (!hasHole(call)) return { ...wanted, question: call.prompt, options };
  const before = call.prompt.split('\n').slice(-linesBefore).join('\n');
  const after = call.suffix.split('\n').slice(0, linesAfter).join('\n');
  // A hole in code is no message that could be about something else.
  const retrieve = options.retrieve === 'auto' ? 'always' : options.retrieve;
  return { ...wanted, question: `${before}\n${after}`, options: { ...options, retrieve } };
}

function withEvidence(call: CompletionCall, evidence: readonly Evidence[], markerSecret: string): CompletionCall {
  if (evidence.length === 0) return call;
  if (!hasHole(call)) return { ...call, prompt: `${evidenceBlock(evidence, markerSecret)}\n\n${call.prompt}` };
  // The code around the hole is in the index, too; the model has it already.
  const around = `${call.prompt}${call.suffix}`;
  const others = evidence.filter(({ text }) => !around.includes(text.trim())).slice(0, maxSnippets);
  return { ...call, snippets: others.map(({ path, text }) => ({ path, text })) };
}

/** Some clients send an empty suffix where they mean none. */
function hasHole(call: CompletionCall): call is CompletionCall & { readonly suffix: string } {
  return call.suffix !== undefined && call.suffix !== '';
}
