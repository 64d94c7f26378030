import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIgnoreMatcher, walk } from '../../indexer/walk/walk.ts';
import { BuiltinEmbedder } from '../../src/model/builtin/builtin-embedder.ts';
import { StaticModel } from '../../src/model/builtin/static-model.ts';
import { percentile } from './percentile.ts';

/** Text of one call: about the size of a chunk. */
const pieceCharacters = 800;
const maxBytes = 30e6;
const rounds = 3;
const questions = ['how are retries limited', 'parse the request header', '请求失败之后怎么重试', 'class SessionStore'];

/** Speed, load time and memory of the built-in embedder, in one thread. The median of several rounds over a folder. */
export async function benchEmbed(folder: string): Promise<Record<string, unknown>> {
  const texts = await piecesOf(folder);
  const rssBefore = process.memoryUsage.rss();
  const start = performance.now();
  const embedder = new BuiltinEmbedder();
  await embedder.embedQuery('first');
  const loadMs = performance.now() - start;
  const rssAfter = process.memoryUsage.rss();
  const { memory, dimension } = embedder.threads;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const speeds = [dimension, 2 * dimension].map((length) => {
    const model = new StaticModel(memory, length);
    return median(() => {
      for (const text of texts) model.embedChunk({ path: 'src/session/store.ts', context: [], text });
    });
  });
  const queryMs = median(() => {
    for (let index = 0; index < 1000; index++) void embedder.embedQuery(questions[index % questions.length] ?? '');
  });
  return {
    sourceBytes: bytes,
    [`megabytesPerSecond${dimension}`]: bytes / 1e3 / (speeds[0] ?? 0),
    [`megabytesPerSecond${2 * dimension}`]: bytes / 1e3 / (speeds[1] ?? 0),
    queryMicroseconds: queryMs,
    loadMs,
    rssMegabytesForModel: (rssAfter - rssBefore) / 1e6,
  };
}

/** Milliseconds of the median round. */
function median(round: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    round();
    return performance.now() - start;
  });
  return percentile(times, 0.5);
}

async function piecesOf(folder: string): Promise<string[]> {
  const pieces: string[] = [];
  let bytes = 0;
  for await (const entry of walk(createIgnoreMatcher(folder, {}), {})) {
    if (entry.kind !== 'file' || entry.stat.bytes > 200_000 || bytes > maxBytes) continue;
    const text = readFileSync(join(folder, entry.path), 'utf8');
    if (text.includes('\0')) continue;
    bytes += text.length;
    for (let at = 0; at < text.length; at += pieceCharacters) pieces.push(text.slice(at, at + pieceCharacters));
  }
  return pieces;
}
