import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { CatalogueReader } from '../../../src/core/catalogue.ts';
import { collectQuestions } from '../../../src/verbs/evaluation/collect-questions.ts';
import { fileTree } from '../../support/file-tree.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Reads a question file with such lines for the project `shop`. */
function collect(...lines: readonly string[]) {
  const root = fileTree({ 'questions.jsonl': `${lines.join('\n')}\n` });
  folders.push(root);
  const catalogue = { paths: () => [] } as unknown as CatalogueReader;
  const project = { name: 'shop', root: '/code/shop', catalogue };
  return collectQuestions(project, { file: join(root, 'questions.jsonl') }, new AbortController().signal);
}

it('reads the fields that count and passes over the rest', async () => {
  const { questions } = await collect(
    '{"query":"a","relevant":[{"path":"x.ts"}]}',
    '',
    '{"id":7,"query":"b","language":"go","relevant":[{"path":"y.go","startLine":2,"endLine":4,"secondary":true}],"source":"commit"}',
    '{"query":"c","relevant":[{"path":"z.ts"}],"source":"document","takenFrom":"README.md"}',
  );
  expect(questions).toEqual([
    { query: 'a', relevant: [{ path: 'x.ts' }] },
    { query: 'b', relevant: [{ path: 'y.go', startLine: 2, endLine: 4 }], source: 'commit' },
    { query: 'c', relevant: [{ path: 'z.ts' }], source: 'document', takenFrom: 'README.md' },
  ]);
});

it('takes from a file about several repositories what is about the project', async () => {
  const line = (repo: string): string => JSON.stringify({ repo, query: repo, relevant: [{ path: 'x.ts' }] });
  const { questions } = await collect(line('web'), line('shop'));
  expect(questions).toEqual([{ query: 'shop', relevant: [{ path: 'x.ts' }] }]);
  await expect(collect(line('web'), line('api'))).rejects.toMatchObject({
    code: 'request_invalid',
    message: expect.stringContaining('they are about web, api'),
  });
});

it.each([
  ['', 'holds no questions'],
  ['{"query":', 'line 1: it is not valid JSON'],
  ['7', 'it must be a JSON object'],
  ['{"relevant":[{"path":"x"}]}', '"query" must be a text'],
  ['{"query":" ","relevant":[{"path":"x"}]}', '"query" must be a text'],
  ['{"query":"a"}', '"relevant" must name a file'],
  ['{"query":"a","relevant":[]}', '"relevant" must name a file'],
  ['{"query":"a","relevant":["x.ts"]}', 'must have a "path"'],
  ['{"query":"a","relevant":[{"path":"x","startLine":3}]}', 'whole numbers in order'],
  ['{"query":"a","relevant":[{"path":"x","startLine":3,"endLine":2}]}', 'whole numbers in order'],
])('refuses %s', async (line, problem) => {
  await expect(collect(line)).rejects.toMatchObject({
    code: 'request_invalid',
    message: expect.stringContaining(problem),
  });
});

it('says which file cannot be read', async () => {
  const catalogue = { paths: () => [] } as unknown as CatalogueReader;
  const project = { name: 'shop', root: '/code/shop', catalogue };
  await expect(
    collectQuestions(project, { file: '/nowhere/questions.jsonl' }, new AbortController().signal),
  ).rejects.toMatchObject({ code: 'source_unreadable', message: expect.stringContaining('/nowhere/questions.jsonl') });
});
