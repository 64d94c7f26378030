import { expect, test } from 'vitest';
import type { z } from 'zod';
import * as replies from '../../../src/http/native/reply-schemas.ts';
import { httpApp } from '../../support/http-calls.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, object>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

async function readDocument(): Promise<Document> {
  return (await (await httpApp().call('/openapi.json', { withKey: false })).json()) as Document;
}

test('the document is whole: references lead somewhere, ids are unique, parameters are declared', async () => {
  const document = await readDocument();
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([path, (operation.parameters ?? []).map(({ name }) => name)]).toEqual([path, named]);
    expect(operation.summary).toMatch(/\.$/);
    expect(operation.operationId).toMatch(/^[a-z][a-zA-Z\d]+$/);
    expect(Object.keys(operation.responses)).toContain('default');
  }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, place]) => place!);
  expect(references.length).toBeGreaterThan(10);
  for (const place of references) {
    const found = place.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
    expect([place, typeof found]).toEqual([place, 'object']);
  }
});

test('every native route is in it, and nothing else', async () => {
  const { paths } = await readDocument();
  const { call } = httpApp();
  const native = Object.entries(paths).filter(([, methods]) => Object.values(methods)[0]!.tags[0] === 'Lorekeep');
  for (const [path, methods] of native) {
    const reply = await call(path.replace('{name}', 'shop'), { method: 'PATCH' });
    const allowed = reply.headers
      .get('allow')!
      .split(', ')
      .filter((method) => method !== 'HEAD');
    expect([path, allowed.map((method) => method.toLowerCase())]).toEqual([path, Object.keys(methods)]);
  }
});

test('bodies are described from what the routes check', async () => {
  const { paths } = await readDocument();
  const schema = paths['/lorekeep/ask']?.['post']?.requestBody?.content['application/json']?.schema;
  expect(schema).toMatchObject({ type: 'object', required: ['question'], additionalProperties: false });
  expect(paths['/lorekeep/search']?.['post']?.requestBody?.content['application/json']?.schema).toMatchObject({
    properties: { limit: { default: 10, maximum: 100 } },
  });
});

test.each<[string, string, object | undefined, z.ZodType]>([
  ['POST', '/lorekeep/ask', { question: 'How?' }, replies.answer],
  ['POST', '/lorekeep/search', { question: 'How?' }, replies.found],
  ['POST', '/lorekeep/explain', { question: 'How?' }, replies.explained],
  ['GET', '/lorekeep/projects', undefined, replies.projects],
  ['GET', '/lorekeep/projects/shop', undefined, replies.project],
  ['POST', '/lorekeep/projects/shop/index', undefined, replies.indexing],
  ['GET', '/lorekeep/version', undefined, replies.version],
  ['GET', '/health', undefined, replies.health],
  ['GET', '/lorekeep/projects/none', undefined, replies.error],
])('%s %s replies as described', async (...[method, path, body, schema]) => {
  const reply = await httpApp().call(path, { method, body });
  expect(schema.safeParse(await reply.json())).toMatchObject({ success: true });
});
