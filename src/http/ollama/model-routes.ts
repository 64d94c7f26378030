import { toServiceError } from '../../core/errors.ts';
import type { RequestContext } from '../../core/gateway/exchange.ts';
import type { Gateway } from '../../verbs/gateway/gateway.ts';
import type { HttpApp, HttpParts } from '../http-parts.ts';
import { readBody } from '../read-body.ts';
import { completedModel, listOf, objectOf, runningEntry, shownModel, textOf } from './model-entry.ts';
import type { OllamaObject } from './model-entry.ts';
import { modelEntries } from './model-list.ts';
import { isUnset, modelRequired } from './ollama-call.ts';
import { askOllama, passedOn } from './pass-on.ts';
import { showBody } from './request-schemas.ts';

/**
 * Told where no Ollama can be asked. Clients compare it: Copilot Chat wants 0.6.4 at least, others look for features. It is the version
 * whose answers these routes follow.
 */
const spokenVersion = '0.11.4';

/** Adds `/api/version`, `/api/tags`, `/api/ps` and `/api/show`. */
export function addModelRoutes(app: HttpApp, { gateway, now }: HttpParts): void {
  app.get('/api/version', async (context) => {
    const answered = await objectFrom(gateway, '/api/version', context.get('request'));
    return context.json({ version: textOf(answered['version']) || spokenVersion });
  });

  app.get('/api/tags', async (context) => {
    const request = context.get('request');
    const [tags, known, projects] = await Promise.all([
      objectFrom(gateway, '/api/tags', request),
      gateway.models(request),
      gateway.projects(request),
    ]);
    const models = modelEntries({
      entries: listOf(tags['models']).map(objectOf),
      known,
      projects: projects.map(({ name }) => name),
      resolveModel: (name) => gateway.resolveModel(name),
    });
    return context.json({ models });
  });

  app.get('/api/ps', async (context) => {
    const request = context.get('request');
    const response = await askOllama(gateway, { path: '/api/ps' }, request);
    if (response !== null) return passedOn(response, request);
    const known = await gateway.models(request);
    // Aliases are not loaded a second time.
    const models = known.filter(({ name }) => gateway.resolveModel(name) === name);
    return context.json({ models: models.map((info) => runningEntry(info, now())) });
  });

  app.post('/api/show', async (context) => {
    const { name, ...body } = await readBody(context, showBody);
    const asked = isUnset(body.model) ? name : body.model;
    if (isUnset(asked)) throw modelRequired();
    const request = context.get('request');
    const info = { ...(await gateway.describe(asked, request)), name: asked };
    const call = { path: '/api/show', body: { ...body, model: gateway.resolveModel(asked) } };
    const response = await askOllama(gateway, call, request);
    if (response === null || response.status === 404) return context.json(shownModel(info));
    if (!response.ok) return passedOn(response, request);
    const isCopilot = context.req.header('user-agent')?.startsWith('GitHubCopilotChat/') === true;
    return context.json(completedModel(objectOf(await response.json()), info, isCopilot ? asked : undefined));
  });
}

/** What Ollama says; an empty object where it cannot be asked, since there is something to say without it. */
async function objectFrom(gateway: Gateway, path: string, request: RequestContext): Promise<OllamaObject> {
  try {
    const response = await askOllama(gateway, { path }, request);
    return response?.ok === true ? objectOf(await response.json()) : {};
  } catch (error) {
    if (toServiceError(error).code === 'aborted') throw error;
    return {};
  }
}
