// `node indexer/embedding-model/extract.ts <checkouts> <out> [<part>/<parts>]`: one file of training pairs for each
// repository of repositories.tsv. A checkout is <checkouts>/<owner>+<name> or <checkouts>/<owner>+<name>/repo.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { modelWords } from '../../src/text/model-words.ts';
import { pathWords } from '../../src/text/path-words.ts';
import type { BlockFile } from './pairs/pair.ts';
import { repositoryPairs } from './pairs/repository-pairs.ts';

const [checkouts = '', out = '', share = '1/1'] = process.argv.slice(2);
const maxDistinct = 96;

/** Lines: `["f", path words, language]`, its blocks `["b", words, counts]`, and of each block `["q", kind, words]`. */
function linesOf(file: BlockFile): string[] {
  const lines = [JSON.stringify(['f', pathWords(file.path).join(' '), file.language])];
  for (const { code, questions } of file.blocks) {
    const counts = new Map<string, number>();
    for (const word of modelWords(code)) counts.set(word, (counts.get(word) ?? 0) + 1);
    const distinct = [...counts].slice(0, maxDistinct);
    lines.push(JSON.stringify(['b', distinct.map(([word]) => word).join(' '), distinct.map(([, count]) => count)]));
    for (const { kind, text } of questions) {
      const words = [...new Set(modelWords(text))];
      if (words.length > 1) lines.push(JSON.stringify(['q', kind, words.join(' ')]));
    }
  }
  return lines;
}

function checkoutOf(name: string): string {
  const folder = join(checkouts, name.replace('/', '+'));
  return existsSync(join(folder, 'repo')) ? join(folder, 'repo') : folder;
}

mkdirSync(out, { recursive: true });
const [part = 1, parts = 1] = share.split('/').map(Number);
const rows = readFileSync(new URL('repositories.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
for (const [index, row] of rows.entries()) {
  if (index % parts !== part - 1) continue;
  const [name = '', revision = ''] = row.split('\t');
  const target = join(out, `${name.replace('/', '+')}.jsonl.zst`);
  if (existsSync(target)) continue;
  const start = performance.now();
  const files = await repositoryPairs(checkoutOf(name), revision);
  const lines = files.filter(({ blocks }) => blocks.length > 0).flatMap(linesOf);
  writeFileSync(`${target}.part`, zstdCompressSync(`${lines.join('\n')}\n`));
  renameSync(`${target}.part`, target);
  console.log(`${name} ${lines.length} lines ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
