import type { DecisionReport, Exchange, LorekeepOptions } from '../../core/gateway/exchange.ts';
import type { ChatCall, ModelEvent, ToolCall } from '../../core/gateway/model-server.ts';
import type { HttpContext, HttpParts } from '../http-parts.ts';
import { asForcedCall, forcedCall, forcedCallNotice, withInstruction } from './forced-call.ts';
import type { ForcedCall } from './forced-call.ts';
import { chosenTools } from './function-tools.ts';
import type { OfferedTools, ToolChoice } from './function-tools.ts';
import { usableThink } from './usable-think.ts';

/** What a request of any of the chat protocols comes down to. */
export interface ChatWish {
  /** Without tools. */
  readonly call: ChatCall;
  readonly lorekeep: LorekeepOptions;
  readonly offered: OfferedTools;
  readonly choice: ToolChoice;
  /** At most one call an answer. */
  readonly oneCall: boolean;
}

/** An answer that is asked for when its events are read: waiting for a free place counts as waiting for the first event. */
export interface OpenAnswer {
  /** The name that was asked for. */
  readonly model: string;
  readonly events: AsyncIterable<ModelEvent>;
  /** Null before the first event. */
  readonly decision: () => DecisionReport | null;
}

/** Asks the gateway. Errors: `request_invalid` at once; the gateway's own from the events. */
export function openChat(context: HttpContext, parts: HttpParts, wish: ChatWish): OpenAnswer {
  const request = context.get('request');
  const { call, forced, notices } = withTools(wish);
  return openAnswer(call.model, async () => {
    const { think, ...rest } = call;
    const usable = await usableThink(parts.gateway, { model: call.model, think }, request);
    const sent: ChatCall = { ...rest, ...(usable.think === undefined ? {} : { think: usable.think }) };
    // Behind the arguments of a call, text would be no part of them.
    const lorekeep = forced === null ? wish.lorekeep : { ...wish.lorekeep, citations: false };
    const { decision, ...exchange } = await parts.gateway.chat({ call: sent, lorekeep }, request);
    const allNotices = [...decision.notices, ...wish.offered.notices, ...notices, ...usable.notices];
    let { events } = exchange;
    if (forced !== null) events = asForcedCall(events, forced, parts.newId);
    if (wish.oneCall) events = firstCallOnly(events);
    return { ...exchange, events, decision: { ...decision, notices: allNotices } };
  });
}

/** An answer whose exchange is opened when its events are read, which can be done once. */
export function openAnswer(model: string, open: () => Promise<Exchange>): OpenAnswer {
  let decision: DecisionReport | null = null;
  let events: AsyncIterator<ModelEvent> | null = null;
  const begin = async (): Promise<IteratorResult<ModelEvent>> => {
    const exchange = await open();
    decision = exchange.decision;
    events = exchange.events[Symbol.asyncIterator]();
    return events.next();
  };
  // No generator: a layer less for each piece of an answer to go through.
  const iterator: AsyncIterator<ModelEvent> = {
    next: () => (events === null ? begin() : events.next()),
    return: async () => (await events?.return?.()) ?? { done: true, value: undefined },
  };
  return { model, events: { [Symbol.asyncIterator]: () => iterator }, decision: () => decision };
}

interface CallWithTools {
  readonly call: ChatCall;
  readonly forced: ForcedCall | null;
  readonly notices: readonly string[];
}

/** The call as it goes to the gateway: with tools, or bound to one of them. Errors: `request_invalid`. */
export function withTools({ call, offered, choice }: Pick<ChatWish, 'call' | 'offered' | 'choice'>): CallWithTools {
  const tools = chosenTools(offered.tools, choice);
  if (choice.mode !== 'required') {
    return { call: tools.length === 0 ? call : { ...call, tools }, forced: null, notices: [] };
  }
  const forced = forcedCall(tools);
  const bound = { ...call, messages: withInstruction(call.messages, forced), format: forced.format };
  return { call: bound, forced, notices: [forcedCallNotice] };
}

async function* firstCallOnly(events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent> {
  let hasCalled = false;
  for await (const event of events) {
    if (event.type === 'done' || event.toolCalls === undefined) {
      yield event;
      continue;
    }
    const { toolCalls, ...rest } = event;
    const kept: readonly ToolCall[] = hasCalled ? [] : toolCalls.slice(0, 1);
    hasCalled ||= kept.length > 0;
    yield kept.length === 0 ? rest : { ...rest, toolCalls: kept };
  }
}
