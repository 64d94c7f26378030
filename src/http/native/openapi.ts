import { z } from 'zod';
import { askBody, explainBody, searchBody } from './native-schemas.ts';
import * as replies from './reply-schemas.ts';

/** A route as the document describes it. */
interface RouteDescription {
  readonly summary: string;
  readonly body?: z.ZodType;
  /** What a reply holds; a string names a media type that is not JSON. */
  readonly reply?: z.ZodType | string;
  /** Status of a reply that went well, 200 if absent. */
  readonly status?: number;
  /** Names of parameters in the path. */
  readonly parameters?: readonly string[];
  readonly tag?: string;
  /** Answers without a key. */
  readonly isOpen?: boolean;
}

type Paths = Readonly<Record<string, Readonly<Record<string, RouteDescription>>>>;

const native: Paths = {
  '/': { get: { summary: 'Tells that the service runs; a page for browsers.', reply: 'text/plain', isOpen: true } },
  '/health': { get: { summary: 'Whether all parts work; details with a key.', reply: replies.health, isOpen: true } },
  '/metrics': { get: { summary: "Counts and durations in Prometheus' format.", reply: 'text/plain' } },
  '/openapi.json': { get: { summary: 'This document.', reply: z.looseObject({}), isOpen: true } },
  '/lorekeep/ask': {
    post: {
      summary:
        'Answers a question with citations. With `stream`, or where the client accepts text/event-stream, as the events decision, evidence, text, answer and error.',
      body: askBody,
      reply: replies.answer,
    },
  },
  '/lorekeep/search': { post: { summary: 'Finds places in the code.', body: searchBody, reply: replies.found } },
  '/lorekeep/explain': {
    post: {
      summary: 'Tells what would be looked up for a message, and why.',
      body: explainBody,
      reply: replies.explained,
    },
  },
  '/lorekeep/projects': { get: { summary: 'Lists the projects that are served.', reply: replies.projects } },
  '/lorekeep/projects/{name}': {
    get: { summary: 'Shows the state of a project.', reply: replies.project, parameters: ['name'] },
  },
  '/lorekeep/projects/{name}/index': {
    post: {
      summary: "Brings a project's index up to date in the background. For administrators.",
      reply: replies.indexing,
      status: 202,
      parameters: ['name'],
    },
  },
  '/lorekeep/version': { get: { summary: 'Tells the version.', reply: replies.version } },
};

/** Routes of other protocols: their own documents describe them. */
const compatible: Paths = {
  ...listed('Ollama', '/api/', {
    get: ['version', 'tags', 'ps'],
    head: ['blobs/{digest}'],
    post: ['show', 'generate', 'chat', 'embed', 'embeddings', 'pull', 'push', 'create', 'copy', 'blobs/{digest}'],
    delete: ['delete'],
  }),
  ...listed('OpenAI', '/v1/', {
    get: ['models', 'models/{model}'],
    post: ['chat/completions', 'completions', 'embeddings', 'responses'],
  }),
  ...listed('Anthropic', '/v1/', { post: ['messages', 'messages/count_tokens'] }),
};

/** Routes that take and give what another program's API does. */
function listed(tag: string, base: string, methods: Readonly<Record<string, readonly string[]>>): Paths {
  const paths: Record<string, Record<string, RouteDescription>> = {};
  for (const [method, names] of Object.entries(methods)) {
    for (const name of names) {
      const parameters = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter!);
      paths[base + name] = { ...paths[base + name], [method]: { summary: `As in ${tag}'s API.`, tag, parameters } };
    }
  }
  return paths;
}

/** The OpenAPI document of the service. */
export function openapiDocument(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lorekeep',
      version,
      description: 'Answers about private code, with the lines they rest on.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }, { basic: [] }],
    tags: ['Lorekeep', 'Ollama', 'OpenAI', 'Anthropic'].map((name) => ({ name })),
    paths: pathItems({ ...native, ...compatible }),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        basic: { type: 'http', scheme: 'basic', description: 'The key as password, or as user.' },
      },
      responses: {
        Error: {
          description: 'What went wrong, and what to do next.',
          content: { 'application/json': { schema: jsonSchema(replies.error, 'output') } },
        },
      },
    },
  };
}

function pathItems(paths: Paths): object {
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, route]) => [method, operation(`${method} ${path}`, route)]),
      ),
    ]),
  );
}

function operation(name: string, route: RouteDescription): object {
  const { summary, body, reply, status = 200, parameters = [], tag = 'Lorekeep', isOpen = false } = route;
  return {
    operationId: name.replace(/[^a-z\d]+(\w?)/gi, (_, letter: string) => letter.toUpperCase()),
    tags: [tag],
    summary,
    ...(isOpen ? { security: [{}, { bearer: [] }] } : {}),
    ...(parameters.length === 0
      ? {}
      : {
          parameters: parameters.map((key) => ({ name: key, in: 'path', required: true, schema: { type: 'string' } })),
        }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body, 'input') } } } }),
    responses: {
      [status]: { description: 'It went well.', ...(reply === undefined ? {} : { content: contentOf(reply) }) },
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

function contentOf(reply: z.ZodType | string): object {
  if (typeof reply === 'string') return { [reply]: { schema: { type: 'string' } } };
  return { 'application/json': { schema: jsonSchema(reply, 'output') } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io });
  return made;
}
