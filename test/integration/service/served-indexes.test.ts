import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import type { EmbedderIdentity } from '../../../src/core/embedding.ts';
import { ServedIndexes } from '../../../src/service/serving/served-indexes.ts';
import { openIndexForWriting, rebuildIndex } from '../../../src/store/index-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-served-indexes-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Vectors of a server; its address must be known to open an index with them. */
const serverMade: EmbedderIdentity = {
  model: 'openai:bge-m3',
  digest: '',
  dimension: 4,
  documentPrefix: '',
  queryPrefix: '',
};

async function emptyProject(name: string, embedder: EmbedderIdentity | null) {
  const project = { name, root: folder, indexFolder: join(folder, name) };
  await (await openIndexForWriting(project.indexFolder, embedder)).close();
  return project;
}

async function configWith(flags: Record<string, string>) {
  return (await loadConfig({ environment: {}, flags })).values;
}

test('projects that are searched together are searched as they are now, also if one was replaced while another was opened', async () => {
  const shop = await emptyProject('shop', null);
  const bank = await emptyProject('bank', serverMade);
  const values = await configWith({ embedderUrl: 'http://127.0.0.1:9/v1' });
  const indexes = new ServedIndexes([shop, bank], values);
  await indexes.ready(['shop']);
  const rebuild = await rebuildIndex(shop.indexFolder, null);
  const begun = indexes.ready(['shop', 'bank']);
  await setImmediate();
  writeFileSync(join(shop.indexFolder, 'current'), '2\n');
  const alone = await indexes.ready(['shop']);
  await begun;
  const together = await indexes.ready(['shop', 'bank']);
  expect(together.knowledge?.indexes.map(({ name }) => name)).toEqual(['shop', 'bank']);
  expect(together.knowledge?.indexes[0]).toBe(alone.knowledge?.indexes[0]);
  await indexes.close();
  await rebuild.close();
});

test.runIf(process.platform === 'linux')('an index whose embedder cannot be opened is closed again', async () => {
  const project = await emptyProject('harbour', serverMade);
  const indexes = new ServedIndexes([project], await configWith({ embedderUrl: 'http://example.com/v1' }));
  for (let round = 0; round < 3; round++) {
    const { knowledge, notices } = await indexes.ready(['harbour']);
    expect([knowledge, notices]).toEqual([null, [expect.stringContaining('could not be searched')]]);
  }
  expect(openFilesBelow(project.indexFolder)).toEqual([]);
  await indexes.close();
});

function openFilesBelow(path: string): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`);
      return target.startsWith(path) ? [target] : [];
    } catch {
      return [];
    }
  });
}
