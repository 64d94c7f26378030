import type { ModelInfo } from '../../core/gateway/model-server.ts';
import { toServiceError } from '../../core/errors.ts';
import type { HealthCheck, HealthReport } from './gateway.ts';
import type { LiveState } from '../../core/live.ts';
import type { KeptState } from '../watch/watch-events.ts';

/** What a look at the service's health takes. */
export interface HealthParts {
  readonly uptimeSeconds: number;
  /** Looks up the configured model. */
  readonly describeModel: (signal: AbortSignal) => Promise<ModelInfo>;
  /** How the models that were asked lately have fared. */
  readonly modelHealth: readonly {
    readonly model: string;
    readonly state: 'closed' | 'open' | 'half-open';
    readonly lastError: string | null;
  }[];
  readonly projects: readonly (KeptState & { readonly name: string })[];
}

/** Longer than this nobody waits for a page about health. */
const lookupMs = 2_000;

/** Looks at each part: is the model there, do the models answer, are the indexes kept? */
export async function checkHealth(parts: HealthParts): Promise<HealthReport> {
  const checks = [await modelCheck(parts), ...parts.modelHealth.map(answerCheck), ...parts.projects.map(projectCheck)];
  const status = checks.every(({ ok }) => ok) ? 'ok' : 'degraded';
  return { status, uptimeSeconds: parts.uptimeSeconds, checks };
}

async function modelCheck({ describeModel }: HealthParts): Promise<HealthCheck> {
  try {
    const { name, host, windowTokens } = await describeModel(AbortSignal.timeout(lookupMs));
    return { name: 'model', ok: true, detail: `${name} at ${host}, window of ${windowTokens} tokens.` };
  } catch (error) {
    return { name: 'model', ok: false, detail: toServiceError(error).message };
  }
}

function answerCheck({ model, state, lastError }: HealthParts['modelHealth'][number]): HealthCheck {
  const ok = state === 'closed';
  const failed = `It has failed several times, so calls wait before it is tried again. ${lastError ?? ''}`.trim();
  return { name: `answers of ${model}`, ok, detail: ok ? 'It answers.' : failed };
}

function projectCheck({ name, state, problem, live }: HealthParts['projects'][number]): HealthCheck {
  const about = { name: `project ${name}`, project: name, ok: problem === null && state !== 'failed' };
  if (problem !== null) return { ...about, detail: problem };
  const detail = {
    ready: 'Its index is kept current.',
    indexing: 'Its index is being made or brought up to date.',
    failed: 'Its index could not be brought up to date.',
  };
  return { ...about, detail: [detail[state], ...liveSentences(live)].join(' ') };
}

/** How changes are noticed, what waits, and when all files were compared last. */
function liveSentences(live: LiveState | null): readonly string[] {
  if (live === null) return [];
  const { mode, reason, pendingFiles, pendingSince, checkedAt } = live;
  return [
    ...(mode === 'events' ? [] : [`Changes are found by comparing all files: ${reason ?? 'unknown.'}`]),
    ...(pendingSince === null
      ? []
      : [`${pendingFiles > 0 ? pendingFiles : 'An unknown number of'} files wait since ${pendingSince}.`]),
    ...(checkedAt === null ? [] : [`All files were compared at ${checkedAt}.`]),
  ];
}
