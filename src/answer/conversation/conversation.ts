import { createHash } from 'node:crypto';
import type { ChatMessage } from '../../core/gateway/model-server.ts';
import { withoutFooter } from './citation-footer.ts';

/** A client's messages, seen as a conversation. */
export interface Conversation {
  /** Without the footers that earlier answers were given. */
  readonly messages: readonly ChatMessage[];
  /** Place of the user's last message, -1 where there is none. */
  readonly questionAt: number;
  /** What the user said last, '' where there is none. */
  readonly question: string;
  /** What the user said before, oldest first. */
  readonly history: readonly string[];
  /** True when the last message is no user's: a tool's result, or an answer to be continued. */
  readonly isContinued: boolean;
  /** For each message a hash of the conversation up to and with it. */
  readonly keys: readonly string[];
}

/** Takes a client's messages apart. `scope` keeps conversations of different callers and projects apart. Pure. */
export function readConversation(sent: readonly ChatMessage[], scope: string): Conversation {
  const messages = sent.map((message) =>
    message.role === 'assistant' ? { ...message, content: withoutFooter(message.content) } : message,
  );
  const questionAt = messages.findLastIndex(({ role }) => role === 'user');
  const history = messages.slice(0, Math.max(0, questionAt)).filter(({ role }) => role === 'user');
  return {
    messages,
    questionAt,
    question: messages[questionAt]?.content ?? '',
    history: history.map(({ content }) => content),
    isContinued: messages.at(-1)?.role !== 'user',
    keys: chainedKeys(messages, scope),
  };
}

function chainedKeys(messages: readonly ChatMessage[], scope: string): readonly string[] {
  let previous = scope;
  return messages.map(({ role, content, toolCalls, toolCallId }) => {
    const said = JSON.stringify([role, content, toolCalls ?? null, toolCallId ?? null]);
    previous = createHash('sha256').update(`${previous}\0${said}`).digest('base64url');
    return previous;
  });
}
