import { expect, test } from 'vitest';
import type { z } from 'zod';
import { protocols } from '../../../src/http/protocols.ts';
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

test('every path takes the methods that it is described with', async () => {
  const { paths } = await readDocument();
  const { call } = httpApp({}, { protocols });
  for (const [path, methods] of Object.entries(paths)) {
    const reply = await call(path.replace(/\{\w+\}/, 'one'), { method: 'PATCH' });
    const allowed = reply.headers.get('allow')!.toLowerCase().split(', ');
    // GET brings HEAD with it.
    const named = allowed.filter((method) => method !== 'head' || 'head' in methods);
    expect([path, reply.status, named.toSorted()]).toEqual([path, 405, Object.keys(methods).toSorted()]);
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
