import type { z } from 'zod';
import { requireAdmin, requireProject } from '../../core/gateway/caller.ts';
import { ServiceError } from '../../core/errors.ts';
import type { ServedProject } from '../../verbs/gateway/gateway.ts';
import type { HttpApp, HttpContext, HttpParts } from '../http-parts.ts';
import { lorekeepOptions } from '../lorekeep-options.ts';
import { readBody } from '../read-body.ts';
import { askRoute } from './ask-route.ts';
import { explainBody, searchBody } from './native-schemas.ts';

/** Lorekeep's own routes, below `/lorekeep/`. */
export function addNativeRoutes(app: HttpApp, parts: HttpParts): void {
  const { gateway } = parts;
  app.post('/lorekeep/ask', (context) => askRoute(context, parts));
  app.post('/lorekeep/search', async (context) => {
    const { project, ...given } = await readBody(context, searchBody);
    return context.json(await gateway.search(projectsOf(context, project), defined(given), context.get('request')));
  });
  app.post('/lorekeep/explain', async (context) => {
    const { project, ...given } = await readBody(context, explainBody);
    return context.json(await gateway.explain(projectsOf(context, project), given, context.get('request')));
  });
  app.get('/lorekeep/projects', async (context) =>
    context.json({ projects: await gateway.projects(context.get('request')) }),
  );
  app.get('/lorekeep/projects/:name', async (context) =>
    context.json(await projectOf(context, parts, context.req.param('name'))),
  );
  app.post('/lorekeep/projects/:name/index', async (context) => {
    requireAdmin(context.get('request').caller, 'Indexing a project');
    const { name } = await projectOf(context, parts, context.req.param('name'));
    await gateway.reindex(name, context.get('request'));
    return context.json({ project: name, state: 'indexing' }, 202);
  });
  app.get('/lorekeep/version', (context) => context.json({ version: parts.version }));
}

function projectsOf(context: HttpContext, project: z.infer<typeof searchBody>['project']): readonly string[] {
  return lorekeepOptions(context, project === undefined ? undefined : { project: [project].flat() }).projects;
}

async function projectOf(context: HttpContext, { gateway }: HttpParts, name: string): Promise<ServedProject> {
  const request = context.get('request');
  requireProject(request.caller, name);
  const found = (await gateway.projects(request)).find((project) => project.name === name);
  if (found !== undefined) return found;
  throw new ServiceError('not_indexed', `No project "${name}" is served. GET /lorekeep/projects lists those that are.`);
}

/** Without the fields that are undefined. */
function defined<Fields extends object>(fields: Fields): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
