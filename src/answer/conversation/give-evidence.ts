import type { Evidence } from '../../core/answer.ts';
import type { ChatMessage } from '../../core/gateway/model-server.ts';
import type { Hit } from '../../core/retrieval.ts';
import { packEvidence } from '../context-window.ts';
import { toSpan } from '../evidence-span.ts';
import { evidenceBlock } from '../prompt.ts';
import type { Conversation } from './conversation.ts';
import type { EvidenceMemory, GivenEvidence } from './evidence-memory.ts';

/** Evidence by the place of the message it stands in front of. */
export type EvidenceByMessage = ReadonlyMap<number, GivenEvidence>;

/**
 * What the messages of a conversation were given when they were new. The last message is decided anew, unless the turn only goes on from it.
 */
export function earlierEvidence(conversation: Conversation, memory: EvidenceMemory): EvidenceByMessage {
  const { messages, keys, questionAt, isContinued } = conversation;
  const given = new Map<number, GivenEvidence>();
  for (const [place, { role }] of messages.entries()) {
    if (role !== 'user' || place > questionAt || (place === questionAt && !isContinued)) continue;
    const recalled = memory.recall(keys[place] ?? '');
    if (recalled !== null) given.set(place, recalled);
  }
  return given;
}

/** What new evidence is made of. */
export interface NewEvidence {
  readonly hits: readonly Hit[];
  /** What the conversation has been given before: the same code is not given twice, and numbers go on from there. */
  readonly earlier: EvidenceByMessage;
  /** Tokens that it may take. */
  readonly budget: number;
  /** Paths that the request names. */
  readonly named: readonly string[];
  readonly markerSecret: string;
}

/** Evidence for a conversation's last message, null where there is nothing new or no room. */
export function packNewEvidence({
  hits,
  earlier,
  budget,
  named,
  markerSecret,
}: NewEvidence): Pick<GivenEvidence, 'block' | 'evidence'> | null {
  const known = [...earlier.values()].flatMap(({ evidence }) => evidence);
  const fresh = known.length === 0 ? hits : hits.filter((hit) => !known.some((piece) => holds(piece, hit)));
  const offset = Math.max(0, ...known.map(({ number }) => number));
  const evidence = packEvidence(fresh, budget, named).map((piece) => ({ ...piece, number: piece.number + offset }));
  return evidence.length === 0 ? null : { evidence, block: evidenceBlock(evidence, markerSecret) };
}

/** By text, too: a file that has changed since is told anew. */
function holds(piece: Evidence, hit: Hit): boolean {
  return piece.project === hit.project && piece.path === hit.path && piece.text.includes(toSpan(hit).text);
}

/** The messages with the evidence in front of those it belongs to. */
export function withEvidence(messages: readonly ChatMessage[], given: EvidenceByMessage): readonly ChatMessage[] {
  return messages.map((message, place) => {
    const block = given.get(place)?.block;
    return block === undefined ? message : { ...message, content: `${block}\n\n${message.content}` };
  });
}
