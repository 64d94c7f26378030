import { EvidenceMemory } from '../../src/answer/conversation/evidence-memory.ts';
import type { AnswerCache } from '../../src/core/gateway/answer-cache.ts';
import type { Caller } from '../../src/core/gateway/caller.ts';
import type { Exchange, LorekeepOptions, RequestContext } from '../../src/core/gateway/exchange.ts';
import type { ModelEvent, ModelServer } from '../../src/core/gateway/model-server.ts';
import { LocalGateway } from '../../src/verbs/gateway/local-gateway.ts';
import type { LocalGatewayParts } from '../../src/verbs/gateway/local-gateway.ts';
import type { ServedProjects } from '../../src/verbs/gateway/served.ts';
import { idleGauges } from './idle-gauges.ts';

/** A caller with all rights, changed where a test cares. */
export function callerOf(changes: Partial<Caller> = {}): Caller {
  return { id: 'k1', name: 'tester', projects: null, isAdmin: true, ...changes };
}

/** The context of one request. */
export function contextOf(caller: Caller = callerOf(), signal = new AbortController().signal): RequestContext {
  const trace = { id: 'r1', startedAt: '2026-01-02T03:04:05.000Z', method: 'POST', route: '/x', clientAddress: '' };
  return { caller, signal, trace };
}

/** What a request says to Lorekeep, nothing where a test does not care. */
export function lorekeepOf(changes: Partial<LorekeepOptions> = {}): LorekeepOptions {
  return { projects: [], retrieve: 'auto', files: [], citations: false, ...changes };
}

/** Keeps nothing; remembers the keys. */
const noCache: AnswerCache = {
  key: () => 'key',
  answer: ({ isWanted }, generate, signal) => ({ verdict: isWanted ? 'miss' : 'off', events: generate(signal) }),
};

/** No project at all. */
const noProjects: ServedProjects = {
  names: () => [],
  ready: async () => ({ knowledge: null, notices: [] }),
  states: async () => [],
  reindex: () => undefined,
  look: () => undefined,
};

/** The real gateway on a model server of the test's. */
export function gatewayOn(server: ModelServer, changes: Partial<LocalGatewayParts> = {}): LocalGateway {
  return new LocalGateway({
    projects: noProjects,
    models: server,
    enter: () => ({ server, leave: () => undefined }),
    cache: noCache,
    memory: new EvidenceMemory(1_000_000),
    aliases: new Map([['deepseek-coder:7b', 'deepseek-coder:6.7b']]),
    model: 'tiny',
    markerSecret: 'secret',
    answerTokens: 200,
    readingSeconds: 20,
    promptSpeed: async () => null,
    health: async () => ({ status: 'ok', uptimeSeconds: 0, checks: [] }),
    gauges: () => idleGauges,
    close: async () => undefined,
    now: () => new Date('2026-01-02T03:04:05.000Z'),
    ...changes,
  });
}

/** All events of an exchange, and their text. */
export async function readExchange(
  exchange: Exchange,
): Promise<{ readonly events: readonly ModelEvent[]; readonly text: string }> {
  const events = await allOf(exchange.events);
  return { events, text: events.map((event) => (event.type === 'delta' ? event.text : '')).join('') };
}

/** All values of a stream. */
export async function allOf<Value>(stream: AsyncIterable<Value>): Promise<readonly Value[]> {
  const values: Value[] = [];
  for await (const value of stream) values.push(value);
  return values;
}
