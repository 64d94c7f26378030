import { ServiceError } from '../../core/errors.ts';
import type { ModelServer } from '../../core/gateway/model-server.ts';
import type { BreakerPass, CircuitBreaker } from './circuit-breaker.ts';

/** A model in memory that may be probed. */
export interface LoadedTarget {
  readonly name: string;
  /** When the server will let go of it, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** Tokens of the window that it runs with now, null where unknown. */
  readonly windowTokens: number | null;
}

/** What probing takes. */
export interface ProbeParts {
  readonly server: ModelServer;
  readonly breaker: CircuitBreaker;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A model in memory that has nothing to do writes a token within this time, or it hangs. */
const probeMs = 60_000;
/** A server that was told to keep a model for ever says that it will do so for longer than this. */
const foreverSeconds = 365 * 86_400;

/** Has a model write one token and tells its breaker what came of it. Never throws. */
export async function probeModel(target: LoadedTarget, parts: ProbeParts, signal: AbortSignal): Promise<void> {
  const { breaker, now } = parts;
  const keepSeconds = Math.ceil((target.expiresAt - now()) / 1_000);
  // About to go: asking now would load it again.
  if (!(keepSeconds > 1)) return;
  const pass = enter(breaker);
  if (pass === null) return;
  const late = AbortSignal.timeout(probeMs);
  try {
    const keepAlive = keepSeconds > foreverSeconds ? -1 : keepSeconds;
    if (await writesToken({ target, keepAlive, server: parts.server }, AbortSignal.any([signal, late]))) pass.succeed();
  } catch (error) {
    const hung = `The model "${target.name}" wrote no token within ${probeMs / 1_000} s when it was probed.`;
    pass.fail(late.aborted ? new ServiceError('model_timeout', hung, { cause: error }) : error);
  } finally {
    pass.leave();
  }
}

/** Null while it is too early to try again. */
function enter(breaker: CircuitBreaker): BreakerPass | null {
  try {
    return breaker.enter();
  } catch {
    return null;
  }
}

interface Probe {
  readonly target: LoadedTarget;
  /** As before: a probe must neither keep a model in memory nor have it dropped. */
  readonly keepAlive: number;
  readonly server: ModelServer;
}

/** False where the probe would have the server load the model anew, with another window. */
async function writesToken({ target, keepAlive, server }: Probe, signal: AbortSignal): Promise<boolean> {
  const { name: model, windowTokens } = target;
  if (windowTokens !== null && windowTokens !== (await server.describe(model, signal)).windowTokens) return false;
  const call = { model, prompt: 'a', raw: true, options: { num_predict: 1 }, keepAlive };
  for await (const event of server.complete(call, signal)) if (event.type === 'done') return true;
  return false;
}
