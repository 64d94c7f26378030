import type { Gatekeeper } from '../../src/core/gateway/caller.ts';
import type { Caller } from '../../src/core/gateway/caller.ts';
import type { DecisionReport, Exchange } from '../../src/core/gateway/exchange.ts';
import type { ModelEvent, ModelInfo } from '../../src/core/gateway/model-server.ts';
import type { AuditEvent, AuditLog } from '../../src/core/gateway/trace.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { HttpParts } from '../../src/http/http-parts.ts';
import type { Gateway, GatewayAnswerEvent } from '../../src/verbs/gateway/gateway.ts';
import { currentOf, hitOf, shopStatus } from './fake-service.ts';
import { idleGauges } from './idle-gauges.ts';

/** A step of a scripted stream: an event, an error to throw, or a promise to wait for before the next one. */
export type GatewayStep<Event> = Event | Error | Promise<unknown>;

/** A call of the gateway, as it came. */
export interface GatewayCall {
  readonly method: keyof Gateway;
  readonly arguments: readonly unknown[];
}

export interface FakeGatewayScript {
  /** What chat and complete send. */
  readonly events?: readonly GatewayStep<ModelEvent>[];
  /** What ask sends. */
  readonly answer?: readonly GatewayStep<GatewayAnswerEvent>[];
  readonly decision?: Partial<DecisionReport>;
  readonly models?: readonly ModelInfo[];
  /** Methods that answer in another way. */
  readonly methods?: Partial<Gateway>;
}

export interface FakeGateway extends Gateway {
  /** Every call, in order. */
  readonly calls: readonly GatewayCall[];
  /** How many streams ended: by their last event, an error, or because nobody read on. */
  readonly ended: () => number;
}

/** A gateway in memory that says what a script tells it, and keeps what it was asked. */
export function fakeGateway(script: FakeGatewayScript = {}): FakeGateway {
  const calls: GatewayCall[] = [];
  let ended = 0;
  async function* play<Event extends object>(steps: readonly GatewayStep<Event>[], signal: AbortSignal) {
    try {
      for (const step of steps) {
        signal.throwIfAborted();
        if (step instanceof Error) throw step;
        if (step instanceof Promise) await untilAborted(step, signal);
        else yield step;
      }
    } finally {
      ended += 1;
    }
  }
  const exchange = (model: string, signal: AbortSignal): Exchange => ({
    model,
    decision: decisionOf(script.decision),
    events: play(script.events ?? answerEvents, signal),
  });
  const models = script.models ?? [modelInfoOf()];
  const standard: Gateway = {
    chat: async ({ call }, { signal }) => exchange(call.model, signal),
    complete: async ({ call }, { signal }) => exchange(call.model, signal),
    embed: async ({ inputs }) => ({ vectors: inputs.map(() => [0.6, 0.8]), promptTokens: 3 * inputs.length }),
    models: async () => models,
    describe: async (model) => {
      const found = models.find(({ name }) => name === model);
      if (found !== undefined) return found;
      throw new ServiceError('model_missing', `There is no model "${model}". \`lorekeep models list\` shows all.`);
    },
    countTokens: async ({ messages }) => ({ tokens: 5 * messages.length, isExact: false }),
    resolveModel: (model) => model.replace(/@.*$/, ''),
    forward: async () => Response.json({ status: 'success' }),
    ask: (_question, { signal }) => play(script.answer ?? askEvents, signal),
    search: async (projects) => ({
      hits: [hitOf()],
      mode: 'hybrid',
      notices: [],
      freshness: currentOf(),
      projects: projects.length === 0 ? ['shop'] : projects,
      elapsedMs: 2,
    }),
    explain: async () => ({
      route: { kind: 'none', reason: 'It is about programming in general.', confidence: 0.9, files: [] },
      found: null,
    }),
    projects: async () => [
      {
        name: 'shop',
        root: '/code/shop',
        state: 'ready',
        progress: null,
        problem: null,
        live: null,
        status: shopStatus,
      },
    ],
    reindex: async () => {},
    health: async () => ({
      status: 'ok',
      version: '1.2.3',
      uptimeSeconds: 12,
      checks: [{ name: 'model', ok: true, detail: 'deepseek-coder:6.7b answers.' }],
    }),
    gauges: () => idleGauges,
    close: async () => {},
    ...script.methods,
  };
  return { ...recorded(standard, calls), calls, ended: () => ended };
}

/** Every method notes its call, then does what it did. */
function recorded(gateway: Gateway, calls: GatewayCall[]): Gateway {
  const noted = Object.entries(gateway).map(([method, run]) => [
    method,
    (...given: unknown[]) => {
      calls.push({ method: method as keyof Gateway, arguments: given });
      return (run as (...passed: unknown[]) => unknown)(...given);
    },
  ]);
  return Object.fromEntries(noted) as Gateway;
}

async function untilAborted(step: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([step, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const citation = { project: 'shop', path: 'src/session.ts', startLine: 3, endLine: 9, number: 1 };

/** A decision that retrieved, changed where a test cares. */
export function decisionOf(changes: Partial<DecisionReport> = {}): DecisionReport {
  return {
    route: 'hybrid',
    reason: 'It names openSession, which the project defines.',
    confidence: 0.97,
    projects: ['shop'],
    citations: [citation],
    freshness: currentOf(),
    cache: 'miss',
    promptTokens: 120,
    isExactCount: true,
    leftOut: 0,
    notices: [],
    ...changes,
  };
}

/** A model with sensible values, changed where a test cares. */
export function modelInfoOf(changes: Partial<ModelInfo> = {}): ModelInfo {
  return {
    name: 'deepseek-coder:6.7b',
    digest: 'ce298d984115b93bb1b191b47fee6b39e4a9fbd5f18e651c02f9fa74e0edcb11',
    host: '127.0.0.1:11434',
    contextTokens: 16_384,
    windowTokens: 8_192,
    capabilities: ['completion'],
    family: 'llama',
    parameterSize: '7B',
    quantization: 'Q4_0',
    bytes: 3_827_834_503,
    modifiedAt: '2026-01-02T03:04:05Z',
    notices: [],
    ...changes,
  };
}

/** The end of an answer, changed where a test cares. */
export function doneOf(changes: Partial<Extract<ModelEvent, { type: 'done' }>> = {}): ModelEvent {
  const times = { totalNs: 5_000_000, loadNs: 1_000_000, promptNs: 2_000_000, outputNs: 2_000_000 };
  return { type: 'done', reason: 'stop', promptTokens: 120, outputTokens: 7, times, ...changes };
}

const answerEvents: readonly ModelEvent[] = [
  { type: 'delta', text: 'Sessions open ' },
  { type: 'delta', text: 'in the store [1].' },
  doneOf(),
];

const askEvents: readonly GatewayAnswerEvent[] = [
  { type: 'decision', decision: decisionOf() },
  {
    type: 'evidence',
    evidence: [{ ...hitOf(), number: 1, tokens: 20 }],
    generating: true,
    freshness: currentOf(),
    notices: [],
  },
  { type: 'text', text: 'Sessions open in the store [1].' },
  {
    type: 'answer',
    answer: {
      mode: 'generated',
      answer: 'Sessions open in the store [1].',
      citations: [citation],
      uncited: false,
      removedCitations: [],
      model: 'deepseek-coder:6.7b',
      freshness: currentOf(),
      notices: [],
    },
  },
];

/** The one key that `fakeParts` knows. */
export const testKey = 'lk_test_0123456789abcdefghij';

/** A caller who may do everything, changed where a test cares. */
export function callerOf(changes: Partial<Caller> = {}): Caller {
  return { id: 'k1', name: 'tests', projects: null, isAdmin: true, ...changes };
}

/** A gatekeeper with one key; `keyless` is who asks without one, null where that is refused. */
export function fakeGatekeeper({ caller = callerOf(), keyless = null as Caller | null } = {}): Gatekeeper {
  return {
    admit(key) {
      if (key === testKey) return caller;
      if (key === null && keyless !== null) return keyless;
      const what = key === null ? 'This service needs a key.' : 'This key is unknown.';
      throw new ServiceError('unauthorized', `${what} \`lorekeep keys create <name>\` makes one.`);
    },
  };
}

/** An audit log in memory. */
export function fakeAudit(): AuditLog & { readonly events: readonly AuditEvent[] } {
  const events: AuditEvent[] = [];
  return {
    events,
    append: (event) => void events.push(event),
    flush: async () => {},
    problem: () => null,
    close: async () => {},
  };
}

/** All that the HTTP surface stands on, in memory: `testKey` is needed, ids count up, the clock stands still. */
export function fakeParts<Changes extends Partial<HttpParts>>(
  changes: Changes = {} as Changes,
): Omit<HttpParts, keyof Changes> & Changes {
  let ids = 0;
  return {
    gateway: fakeGateway(),
    gatekeeper: fakeGatekeeper(),
    audit: fakeAudit(),
    version: '1.2.3',
    hosts: [],
    origins: [],
    maxBodyBytes: 1_000_000,
    auditContents: false,
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    newId: () => `id-${(ids += 1)}`,
    ...changes,
  };
}
