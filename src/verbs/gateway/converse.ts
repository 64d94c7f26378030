import { readConversation } from '../../answer/conversation/conversation.ts';
import type { Conversation } from '../../answer/conversation/conversation.ts';
import type { EvidenceMemory, GivenFile } from '../../answer/conversation/evidence-memory.ts';
import { earlierEvidence, packNewEvidence, withEvidence } from '../../answer/conversation/give-evidence.ts';
import type { EvidenceByMessage } from '../../answer/conversation/give-evidence.ts';
import type { Exchange, GatewayRequest, LorekeepOptions, RequestContext } from '../../core/gateway/exchange.ts';
import type { ChatCall, ModelInfo, TokenCounter } from '../../core/gateway/model-server.ts';
import type { Evidence } from '../../core/answer.ts';
import { fileKey, type CheckedProject } from '../verify/checked-project.ts';
import { RequestCheck } from '../verify/request-check.ts';
import { changedSince } from './evidence/changed-since.ts';
import { exchangeOf } from './exchange-of.ts';
import type { ExchangeParts } from './exchange-of.ts';
import { findEvidence } from './evidence/find-evidence.ts';
import type { Found } from './evidence/find-evidence.ts';
import { packCurrent } from './evidence/pack-current.ts';
import type { ProjectKnowledge } from './evidence/knowledge.ts';
import { countMessages, refuseHopeless, requireFit, roomForEvidence } from './prompt-room.ts';

/** What a request to a model through the gateway takes. */
export interface GatewayParts extends ExchangeParts {
  /** The projects that the request is about, null where none is ready. */
  readonly knowledge: ProjectKnowledge | null;
  /** The projects that the request is about, also where it wants none of their code: earlier messages may have been given some. */
  readonly checkedProjects: () => Promise<readonly CheckedProject[]>;
  readonly memory: EvidenceMemory;
  readonly markerSecret: string;
  readonly answerTokens: number;
  readonly readingSeconds: number;
  /** Measured prompt reading speed in tokens per second; null before the first measurement. */
  readonly promptSpeed: (info: ModelInfo) => Promise<number | null>;
}

/**
 * Decides, retrieves if needed, puts the evidence in front of the last user message, and has the model answer, or gives the answer
 * that is kept. What earlier messages of the conversation were given stands in front of them again, unchanged. Errors: what the
 * model server says of the model; `request_invalid` for a prompt that does not fit its window.
 */
export async function converse(
  parts: GatewayParts,
  { call, lorekeep }: GatewayRequest<ChatCall>,
  context: RequestContext,
): Promise<Exchange> {
  const { signal } = context;
  const conversation = readConversation(call.messages, scopeOf(parts, call, context));
  const [info, counter] = await Promise.all([
    parts.server.describe(call.model, signal),
    parts.server.tokenCounter(call.model, signal),
  ]);
  refuseHopeless(
    call.messages.map(({ content }) => content),
    info,
  );
  const given = await giveEvidence(parts, { conversation, call, info, counter, lorekeep, signal });
  const { found } = given;
  const sent = { ...call, messages: withEvidence(conversation.messages, given.evidence) };
  const promptTokens = countMessages(sent.messages, counter, call.tools);
  requireFit(promptTokens, counter, info);
  return exchangeOf(parts, {
    context,
    lorekeep,
    info,
    found,
    promptTokens,
    question: conversation.question,
    call: sent,
    isExactCount: counter.isExact,
    evidence: [...given.evidence.values()].flatMap(({ evidence }) => evidence),
    notices: given.notices,
    generate: (stop) => parts.server.chat(sent, stop),
  });
}

interface Giving {
  readonly conversation: Conversation;
  readonly call: ChatCall;
  readonly info: ModelInfo;
  readonly counter: TokenCounter;
  readonly lorekeep: LorekeepOptions;
  readonly signal: AbortSignal;
}

interface Given {
  readonly found: Found;
  readonly evidence: EvidenceByMessage;
  readonly notices: readonly string[];
}

async function giveEvidence(parts: GatewayParts, giving: Giving): Promise<Given> {
  const { conversation, call, info, counter, lorekeep, signal } = giving;
  const earlier = new Map(earlierEvidence(conversation, parts.memory));
  const notices: string[] = [];
  const count = (): number => countMessages(withEvidence(conversation.messages, earlier), counter, call.tools);
  let promptTokens = count();
  // A long conversation grows out of the window: its oldest evidence goes first.
  for (const oldest of earlier.keys()) {
    if (promptTokens < info.windowTokens) break;
    earlier.delete(oldest);
    promptTokens = count();
    notices.push(
      'Code that was given to an earlier message was left out, since the conversation fills the context window.',
    );
  }
  const { answerTokens, readingSeconds, markerSecret, memory } = parts;
  const maxOutput = typeof call.options['num_predict'] === 'number' ? call.options['num_predict'] : null;
  const promptTokensPerSecond = await parts.promptSpeed(info);
  const budget = roomForEvidence({
    info,
    promptTokens,
    maxOutput,
    answerTokens,
    readingSeconds,
    promptTokensPerSecond,
  });
  const { question, history, isContinued } = conversation;
  const wanted = { question, history, isContinued, options: lorekeep, budget };
  const check = new RequestCheck(parts.knowledge?.indexes ?? []);
  const { found, packed: fresh } = await packCurrent(check, await findEvidence(parts.knowledge, wanted, signal), {
    pack: (hits) => packNewEvidence({ hits, earlier, budget, named: lorekeep.files, markerSecret }),
    places: (given) => given?.evidence ?? [],
  });
  if (earlier.size > 0) notices.push(...(await changedSince(await parts.checkedProjects(), earlier)));
  if (fresh === null) return { found, evidence: earlier, notices };
  const given = { ...fresh, files: filesOf(fresh.evidence, check) };
  memory.remember(conversation.keys[conversation.questionAt] ?? '', given);
  return { found, evidence: earlier.set(conversation.questionAt, given), notices };
}

function filesOf(evidence: readonly Evidence[], check: RequestCheck): readonly GivenFile[] {
  const places = new Map(evidence.map((piece) => [fileKey(piece), piece]));
  return Array.from(places.values(), ({ project, path }) => ({ project, path, hash: check.hashOf({ project, path }) }));
}

/** Conversations of different callers, models and projects share nothing. A turn that retrieves nothing goes on with what was given. */
function scopeOf({ projects }: GatewayParts, { model }: ChatCall, { caller }: RequestContext): string {
  return [caller.id, model, ...projects].join('\0');
}
