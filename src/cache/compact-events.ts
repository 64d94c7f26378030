import type { ModelDelta, ModelEvent } from '../core/gateway/model-server.ts';

/** Long enough that a kept answer is sent in few writes, short enough that a client still sees a stream. */
const pieceCharacters = 256;

/** The same answer in fewer pieces: neighbours that are nothing but text, or nothing but thinking, are joined. */
export function compactEvents(events: readonly ModelEvent[]): readonly ModelEvent[] {
  const compact: ModelEvent[] = [];
  for (const event of events) {
    const last = compact.at(-1);
    const joined = last?.type === 'delta' && event.type === 'delta' ? join(last, event) : null;
    if (joined === null) compact.push(event);
    else compact[compact.length - 1] = joined;
  }
  return compact;
}

function join(one: ModelDelta, other: ModelDelta): ModelDelta | null {
  const kind = kindOf(one);
  if (kind === null || kind !== kindOf(other)) return null;
  if (one.text.length + (one.thinking?.length ?? 0) >= pieceCharacters) return null;
  if (kind === 'text') return { type: 'delta', text: one.text + other.text };
  return { type: 'delta', text: '', thinking: `${one.thinking ?? ''}${other.thinking ?? ''}` };
}

/** What a piece is made of; null where it holds more than one thing. */
function kindOf({ text, thinking, toolCalls, extra }: ModelDelta): 'text' | 'thinking' | null {
  if (toolCalls !== undefined || extra !== undefined) return null;
  if (thinking === undefined) return 'text';
  return text === '' ? 'thinking' : null;
}
