import { EvidenceMemory } from '../../answer/conversation/evidence-memory.ts';
import type { Config } from '../../config-options.ts';
import type { ResolvedConfig } from '../../config.ts';
import type { ProjectRegistry } from '../../store/project-registry.ts';
import { checkHealth } from '../../verbs/gateway/health.ts';
import { LocalGateway } from '../../verbs/gateway/local-gateway.ts';
import { readAliases } from '../../verbs/gateway/requested-model.ts';
import type { ServedParts, ServeRequest } from '../../verbs/gateway/served.ts';
import { openGatekeeper, openKeyControl } from '../access.ts';
import { openServiceAudit } from '../audit.ts';
import { answerCache, openAnswerStore } from '../kept-answers.ts';
import { markerSecret } from '../marker.ts';
import { liveGauges } from '../../verbs/gateway/live-gauges.ts';
import { openModels } from './served-models.ts';
import { openProjects } from './served-projects.ts';
import type { IndexingStart } from './served-projects.ts';

/** What the running service takes from the rest of it. */
export interface GatewayWiring extends IndexingStart {
  readonly config: ResolvedConfig;
  readonly registry: ProjectRegistry;
}

/** Characters of evidence that conversations are remembered with: some hundreds of long ones. */
const memoryCharacters = 32_000_000;

/** Wires the running service: projects, model servers, caches, callers and the audit log. */
export async function openGateway(wiring: GatewayWiring, request: ServeRequest): Promise<ServedParts> {
  const startedAt = performance.now();
  const { values } = wiring.config;
  const notices: string[] = [];
  // What is wrong with the keys or the data folder is told before anything is opened.
  const { gatekeeper, hasKeys, warnings } = openGatekeeper(values, request);
  const secret = await markerSecret(values.dataFolder);
  const registered = [...new Set(request.folders)].map((folder) => wiring.registry.register(folder));
  const models = await openModels(values);
  const projects = openProjects(registered, values, wiring);
  const store = openAnswerStore(values, (problem) => notices.push(problem));
  const audit = openServiceAudit(values);
  const act = (action: string): void =>
    audit.append({ action, at: new Date().toISOString(), details: { projects: registered.map(({ name }) => name) } });
  act('service.start');
  const gateway = new LocalGateway({
    projects: projects.served,
    models: models.server,
    enter: (caller) => models.enter(caller),
    cache: answerCache(store),
    memory: new EvidenceMemory(memoryCharacters),
    aliases: readAliases(values.modelAliases),
    model: values.model,
    markerSecret: secret,
    answerTokens: values.answerTokens,
    readingSeconds: values.answerReadingSeconds,
    promptSpeed: (info) => models.promptSpeed(info),
    health: () =>
      checkHealth({
        uptimeSeconds: Math.round((performance.now() - startedAt) / 1000),
        describeModel: (signal) => models.server.describe(values.model, signal),
        modelHealth: models.health(),
        projects: registered.map(({ name }) => ({ name, ...projects.keeper.state(name) })),
      }),
    gauges() {
      const { queued, running } = models.queue.gauges();
      const { answers, bytes } = store?.size() ?? { answers: 0, bytes: 0 };
      const states = registered.map(({ name }) => projects.keeper.state(name).live);
      const live = liveGauges(states, Date.now());
      return { queued, generating: running, cacheAnswers: answers, cacheBytes: bytes, ...live };
    },
    async close() {
      await projects.close();
      await models.close();
      store?.close();
      act('service.stop');
      await audit.close();
    },
    now: () => new Date(),
  });
  return {
    gateway,
    gatekeeper,
    audit,
    makeFirstKey: async () => (hasKeys || request.allowAnonymous ? null : makeKey(values, wiring.registry)),
    notices: [...warnings, ...notices],
    close: () => gateway.close(),
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
