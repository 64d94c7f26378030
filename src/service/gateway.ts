import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { FairQueue } from '../access/fair-queue.ts';
import { queuedServer } from '../access/queued-server.ts';
import { EvidenceMemory } from '../answer/conversation/evidence-memory.ts';
import { answerKey } from '../cache/answer-key.ts';
import { SharedAnswers } from '../cache/shared-answers.ts';
import type { Config } from '../config-options.ts';
import type { FlagValues, ResolvedConfig } from '../config.ts';
import type { AnswerCache, AnswerStore } from '../core/gateway/answer-cache.ts';
import { guardedServer } from '../model/health/guarded-server.ts';
import { measuredServer } from '../model/measured-server.ts';
import { PromptSpeed, speedKey } from '../model/prompt-speed.ts';
import { openGatekeeper, openKeyControl } from './access.ts';
import { openServiceAudit } from './audit.ts';
import { openOllama } from './embedders.ts';
import { markerSecret } from './marker.ts';
import { ProcessKeeper } from './process-keeper.ts';
import { ServedIndexes } from './projects.ts';
import { SqliteAnswerStore } from '../store/cache/answer-store.ts';
import { currentNumber, indexBytes } from '../store/index-place.ts';
import type { ProjectRegistry } from '../store/project-registry.ts';
import { stateFile } from '../store/state-file.ts';
import { checkHealth } from '../verbs/gateway/health.ts';
import { LocalGateway } from '../verbs/gateway/local-gateway.ts';
import type { ServedProjects } from '../verbs/gateway/local-gateway.ts';
import type { ProjectKeeper } from '../verbs/gateway/project-keeper.ts';
import { readAliases } from '../verbs/gateway/requested-model.ts';
import type { ServedParts, ServeRequest } from '../verbs/gateway/served.ts';
import { status } from '../verbs/status.ts';
import type { ProjectSummary } from '../verbs/reports.ts';

/** Characters of evidence that conversations are remembered with: some hundreds of long ones. */
const memoryCharacters = 32_000_000;

/** What the running service takes from the rest of it. */
export interface GatewayWiring {
  readonly config: ResolvedConfig;
  readonly registry: ProjectRegistry;
  /** Options as this process was given them; the processes that index get the same. */
  readonly flags: FlagValues;
  /** The program, to be run anew for each indexing. */
  readonly entry: string;
}

/** Wires the running service: projects, model servers, caches, callers and the audit log. */
export async function openGateway(
  { config: { values }, registry, flags, entry }: GatewayWiring,
  request: ServeRequest,
): Promise<ServedParts> {
  const startedAt = performance.now();
  const notices: string[] = [];
  const report = (problem: string): void => void notices.push(problem);
  const projects = request.folders.map((folder) => registry.register(folder));
  const indexes = new ServedIndexes(projects, values);
  const keeper = new ProcessKeeper({
    projects: projects.map(({ name, root, indexFolder }) => ({
      name,
      root,
      isIndexed: currentNumber(indexFolder) !== null,
    })),
    entry,
    flags,
    reconcileSeconds: values.reconcileSeconds,
    now: () => performance.now(),
    // What is remembered of an index is kept by its revision; one that was replaced is opened anew with the next request.
    onChanged: () => undefined,
  });
  keeper.start();
  const promptSpeed = new PromptSpeed(stateFile(join(values.dataFolder, 'prompt-speed.json'), randomUUID));
  const models = guardedServer(measuredServer(await openOllama(values), promptSpeed), { now: () => Date.now() });
  const queue = new FairQueue({
    slots: values.generationSlots,
    length: values.queueLength,
    now: () => performance.now(),
  });
  const store = openAnswerStore(values, report);
  const audit = openServiceAudit(values);
  const { gatekeeper, hasKeys, warnings } = openGatekeeper(values, request);
  const gateway = new LocalGateway({
    projects: servedProjects(projects, indexes, keeper),
    serverFor: ({ id }) => queuedServer(models, queue, id),
    cache: answerCache(store),
    memory: new EvidenceMemory(memoryCharacters),
    aliases: readAliases(values.modelAliases),
    model: values.model,
    markerSecret: await markerSecret(values.dataFolder),
    answerTokens: values.answerTokens,
    readingSeconds: values.answerReadingSeconds,
    promptSpeed: (info) => promptSpeed.of(speedKey(info)),
    health: () =>
      checkHealth({
        uptimeSeconds: Math.round((performance.now() - startedAt) / 1000),
        describeModel: (signal) => models.describe(values.model, signal),
        modelHealth: models.health(),
        projects: projects.map(({ name }) => ({ name, ...keeper.state(name) })),
      }),
    gauges() {
      const { queued, running } = queue.gauges();
      const { answers, bytes } = store?.size() ?? { answers: 0, bytes: 0 };
      return { queued, generating: running, cacheAnswers: answers, cacheBytes: bytes };
    },
    async close() {
      await keeper.close();
      await indexes.close();
      await models.close?.();
      store?.close();
      await audit.close();
    },
    now: () => new Date(),
  });
  return {
    gateway,
    gatekeeper,
    audit,
    makeFirstKey: async () => (hasKeys || request.allowAnonymous ? null : makeKey(values, registry)),
    notices: [...warnings, ...notices],
    close: () => gateway.close(),
  };
}

/** Null where the configuration wants none. */
function openAnswerStore(
  { dataFolder, answerCacheBytes }: Config,
  report: (problem: string) => void,
): AnswerStore | null {
  if (answerCacheBytes === 0) return null;
  const path = join(dataFolder, 'answers.sqlite');
  return new SqliteAnswerStore({ path, maxBytes: answerCacheBytes, now: () => Date.now(), report });
}

function answerCache(store: AnswerStore | null): AnswerCache {
  const shared = new SharedAnswers({ store, now: () => Date.now() });
  return {
    key: (dependencies) => answerKey(dependencies, Date.now()),
    answer: ({ key, isWanted }, generate, signal) =>
      isWanted
        ? shared.answer({ key, use: true, keep: true }, generate, signal)
        : { verdict: 'off', events: generate(signal) },
  };
}

function servedProjects(
  projects: readonly ProjectSummary[],
  indexes: ServedIndexes,
  keeper: ProjectKeeper,
): ServedProjects {
  return {
    names: () => projects.map(({ name }) => name),
    ready: (names) => indexes.ready(names),
    states: (names) =>
      Promise.all(
        projects
          .filter(({ name }) => names.includes(name))
          .map(async (project) => {
            const index = await indexes.index(project.name);
            const diskBytes = indexBytes(project.indexFolder);
            const report = index === null ? null : status({ project, catalogue: index.catalogue, diskBytes });
            return { name: project.name, root: project.root, ...keeper.state(project.name), status: report };
          }),
      ),
    reindex: (name) => keeper.reindex(name),
  };
}

/** The key of whoever starts the service for the first time: to ask with, not to administrate. */
async function makeKey(values: Config, registry: ProjectRegistry): Promise<string> {
  const control = openKeyControl(values, {
    openAudit: () => openServiceAudit(values),
    projectNames: () => registry.list().map(({ name }) => name),
  });
  return (await control.create({ name: 'first', projects: [], isAdmin: false, expires: null })).key;
}
