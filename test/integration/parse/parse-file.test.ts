import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveChunkOptions } from '../../../indexer/chunk/chunk-options.ts';
import { chunkerVersions } from '../../../indexer/chunk/chunker-version.ts';
import { Heartbeat } from '../../../indexer/parse/heartbeat.ts';
import { parseFile } from '../../../indexer/parse/parse-file.ts';
import type { ParseJob, ParseReply } from '../../../indexer/parse/parse-job.ts';
import type { IndexedFile } from '../../../src/core/catalogue.ts';
import type { CodeSymbol } from '../../../src/core/code-graph.ts';
import { sha256 } from '../../../src/core/hash.ts';
import { type UnpackedChunk, unpackChunks } from '../../../src/core/packing/packed-chunks.ts';
import { unpackSymbols } from '../../../src/text/packed-symbols.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-parse-'));
afterAll(() => rmSync(folder, { recursive: true }));

const heartbeat = new Heartbeat();
const chunkOptions = resolveChunkOptions();
const versionOf = chunkerVersions(chunkOptions);
const code = 'class Wallet:\n    def pay(self, amount):\n        return amount\n';

function parse(
  name: string,
  content: string,
  given: Partial<ParseJob> & { quarantined?: string[] } = {},
): Promise<ParseReply> {
  const absolute = join(folder, name);
  writeFileSync(absolute, content);
  const { quarantined = [], ...job } = given;
  const parts = { chunkOptions, versionOf, quarantined: new Set(quarantined), heartbeat, embedder: null };
  return parseFile({ path: `src/${name}`, absolute, knownHash: null, linesOnly: false, ...job }, parts);
}

interface UnpackedFile extends Omit<IndexedFile, 'chunks' | 'symbols'> {
  readonly chunks: readonly UnpackedChunk[];
  readonly symbols: readonly CodeSymbol[];
}

async function indexed(reply: Promise<ParseReply>): Promise<UnpackedFile> {
  const { outcome } = await reply;
  if (outcome.kind !== 'indexed') throw new Error(`The file was not indexed but ${outcome.kind}.`);
  const { chunks, symbols, ...file } = outcome.file;
  const unpacked = unpackSymbols(symbols.content).map(({ symbol }) => symbol);
  return { ...file, chunks: unpackChunks(chunks), symbols: unpacked };
}

describe('parseFile', () => {
  it('makes chunks with text and terms, and symbols', async () => {
    const file = await indexed(parse('wallet.py', code));
    expect(file).toMatchObject({
      path: 'src/wallet.py',
      language: 'python',
      lines: 3,
      degraded: [],
      hash: sha256(code),
    });
    expect(file.chunks).toMatchObject([{ kind: 'definition', name: 'Wallet', text: code, startLine: 1, endLine: 3 }]);
    expect(file.chunks[0]!.terms.split(' ')).toEqual(expect.arrayContaining(['wallet', 'pay', 'amount']));
    expect(file.symbols.map(({ name, container }) => [name, container])).toEqual([
      ['Wallet', ''],
      ['pay', 'Wallet'],
    ]);
    expect(heartbeat.parsing()).toBeNull();
  });

  it('leaves known content alone', async () => {
    const { outcome } = await parse('known.py', code, { knownHash: sha256(code) });
    expect(outcome).toMatchObject({ kind: 'unchanged', path: 'src/known.py', stat: { bytes: code.length } });
  });

  it.each<[string, Partial<ParseJob> & { quarantined?: string[] }]>([
    ['its parser was seen to fail', { linesOnly: true }],
    ['its content is quarantined', { quarantined: [sha256(code)] }],
  ])('chunks by lines where %s', async (_why, given) => {
    const file = await indexed(parse('failed.py', code, given));
    expect(file).toMatchObject({ degraded: ['parser_failed'], symbols: [], chunks: [{ kind: 'window', text: code }] });
  });

  it('chunks by lines without a grammar', async () => {
    const file = await indexed(parse('notes.unknown', 'Some words.\n'));
    expect(file).toMatchObject({ language: 'text', degraded: ['no_grammar'], chunks: [{ kind: 'window' }] });
  });

  it('gives up on hostile nesting at once, and says so', async () => {
    const file = await indexed(parse('nested.js', '[\n'.repeat(200_000)));
    expect(file.degraded).toEqual(['parse_budget']);
    expect(file.chunks.map(({ text }) => text).join('')).toBe('[\n'.repeat(200_000));
  });

  it('searches column formats without their sequence numbers', async () => {
    const lines = Array.from({ length: 9 }, (_, at) => `00${at}100 MOVE ${at} TO WAGES.`.padEnd(72));
    const file = await indexed(parse('pay.unknown', `${lines.join('\n')}\n`));
    expect(file.chunks[0]!.text).toContain('005100');
    expect(file.chunks[0]!.terms).toContain('wages');
    expect(file.chunks[0]!.terms).not.toMatch(/00\d100/);
  });

  it('asks to be replaced after a text that made the parser grow', async () => {
    expect((await parse('small.py', code)).retire).toBe(false);
    const { outcome, retire } = await parse('large.py', code.repeat(40_000));
    expect(outcome).toMatchObject({ kind: 'indexed', file: { degraded: [] } });
    expect(retire).toBe(true);
  });
});
