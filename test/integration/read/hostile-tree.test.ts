import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSource } from '../../../indexer/read/read-source.ts';
import { createIgnoreMatcher, walk } from '../../../indexer/walk/walk.ts';
import { asPlainUser } from '../../support/as-plain-user.ts';
import type { Expectation } from '../../support/hostile-kinds.ts';
import { buildHostileTree, type HostileTree } from '../../support/hostile-tree.ts';

let root = '';
let tree: HostileTree;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lorekeep-hostile-'));
  chmodSync(root, 0o755);
  tree = buildHostileTree(root, { files: 400, hostileShare: 0.25, seed: 7 });
});

afterAll(() => rmSync(root, { recursive: true }));

/** What walk and read make of every path. Parsing comes later: what only it can tell counts as indexed here. */
async function outcomes(): Promise<Map<string, Expectation>> {
  const found = new Map<string, Expectation>();
  for await (const entry of walk(createIgnoreMatcher(root))) {
    if (entry.kind === 'skipped') found.set(entry.path, { state: 'skipped', reason: entry.reason });
    if (entry.kind !== 'file') continue;
    const outcome = readSource(entry);
    if (outcome.kind === 'skipped') found.set(entry.path, { state: 'skipped', reason: outcome.reason });
    if (outcome.kind !== 'read') continue;
    const reason = outcome.degraded[0];
    found.set(entry.path, reason === undefined ? { state: 'indexed' } : { state: 'degraded', reason });
  }
  return found;
}

const parserReasons = new Set(['no_grammar', 'parse_budget', 'parser_failed']);

test('every hostile file gets the outcome it deserves, and every ordinary one is read', async () => {
  const found = await asPlainUser(outcomes);
  const wanted = [...tree.hostile].map(([path, expectation]): [string, Expectation] => {
    const laterOn = expectation.state === 'degraded' && parserReasons.has(expectation.reason);
    return [path, laterOn ? { state: 'indexed' } : expectation];
  });
  expect(wanted.map(([path]) => [path, found.get(path)])).toEqual(wanted);
  const ordinary = [...found].filter(([path]) => !tree.hostile.has(path));
  expect(ordinary.filter(([, outcome]) => outcome.state !== 'indexed')).toEqual([]);
  expect(ordinary).toHaveLength(tree.ordinaryFiles);
}, 60_000);
