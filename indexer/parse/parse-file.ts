import { loadGrammar } from '../../grammars/grammar.ts';
import type { SyntaxTree } from '../../grammars/syntax-tree.ts';
import type { IndexedFile } from '../../src/core/catalogue.ts';
import type { ChunkEmbedder } from '../../src/core/embedding.ts';
import type { DegradeReason, SourceFile } from '../../src/core/source-file.ts';
import { packSymbols } from '../../src/text/packed-symbols.ts';
import type { ChunkOptions } from '../chunk/chunk-options.ts';
import { chunkSource } from '../chunk/chunk-source.ts';
import type { ReadOutcome } from '../read/read-outcome.ts';
import { type ReadLimits, readSource } from '../read/read-source.ts';
import { extractSymbols } from '../symbol/extract-symbols.ts';
import { threadCpuMs } from './cpu-clock.ts';
import type { Heartbeat } from './heartbeat.ts';
import { embedChunks, packFileChunks, placeSymbols } from './pack-file.ts';
import type { ParseCost, ParseJob, ParseReply } from './parse-job.ts';

/** What a thread needs to parse files. */
export interface FileParserParts {
  readonly chunkOptions: ChunkOptions;
  readonly readLimits?: ReadLimits;
  readonly versionOf: (language: string) => string;
  /** Content hashes that are chunked by lines. */
  readonly quarantined: ReadonlySet<string>;
  readonly heartbeat: Heartbeat;
  /** Null where vectors are made elsewhere, or not at all. */
  readonly embedder: ChunkEmbedder | null;
}

/** A parser's memory never shrinks; after a text this long the thread is replaced. */
const maxKeptChars = 2_000_000;

/** Reads one file and makes its chunks, terms and symbols. */
export async function parseFile(job: ParseJob, parts: FileParserParts): Promise<ParseReply> {
  const watch = new Stopwatch();
  const read = readSource(job, { ...parts.readLimits, knownHash: job.knownHash });
  watch.lap('readMs');
  if (read.kind !== 'read') return { outcome: unread(job.path, read), cost: watch.cost, retire: false };
  const { file } = read;
  const { tree, failed } = await parseText(file, job, parts);
  try {
    const symbols = tree ? extractSymbols(tree, file) : [];
    watch.lap('parseMs');
    const chunks = chunkSource(file, tree, parts.chunkOptions);
    watch.lap('chunkMs');
    const vectors = parts.embedder ? embedChunks(file, chunks, parts.embedder) : [];
    watch.lap('embedMs');
    const indexed: IndexedFile = {
      path: file.path,
      hash: file.hash,
      stat: read.stat,
      language: file.language,
      encoding: file.encoding,
      chunkerVersion: parts.versionOf(file.language),
      lines: countLines(file),
      degraded: failed ? [...read.degraded, failed] : read.degraded,
      chunks: packFileChunks(file, chunks, vectors),
      symbols: packSymbols(placeSymbols(symbols, chunks)),
    };
    watch.lap('termsMs');
    const retire = failed === 'parser_failed' || file.text.length > maxKeptChars;
    return { outcome: { kind: 'indexed', file: indexed }, cost: watch.cost, retire };
  } finally {
    tree?.close();
  }
}

function unread(path: string, read: Exclude<ReadOutcome, { kind: 'read' }>): ParseReply['outcome'] {
  if (read.kind === 'skipped') return { kind: 'skipped', skipped: { path, reason: read.reason, detail: read.detail } };
  return read.kind === 'gone' ? { kind: 'gone', path } : { kind: 'unchanged', path, stat: read.stat };
}

interface ParsedText {
  readonly tree: SyntaxTree | null;
  /** Why there is no tree, null when there is one. */
  readonly failed: DegradeReason | null;
}

async function parseText(file: SourceFile, job: ParseJob, parts: FileParserParts): Promise<ParsedText> {
  const grammar = await loadGrammar(file.language);
  if (grammar === null) return { tree: null, failed: 'no_grammar' };
  if (job.linesOnly || parts.quarantined.has(file.hash)) return { tree: null, failed: 'parser_failed' };
  parts.heartbeat.parseBegins(file.hash, file.text.length);
  const parsed = grammar.parse(file.text);
  parts.heartbeat.parseEnds();
  return 'tree' in parsed ? { tree: parsed.tree, failed: null } : { tree: null, failed: parsed.failed };
}

/** A line end at the end of the file begins no further line. */
function countLines({ text, lineStarts }: SourceFile): number {
  return lineStarts.at(-1) === text.length ? lineStarts.length - 1 : lineStarts.length;
}

/** CPU time between laps. */
class Stopwatch {
  readonly cost: { -readonly [stage in keyof ParseCost]: number } = {
    readMs: 0,
    parseMs: 0,
    chunkMs: 0,
    termsMs: 0,
    embedMs: 0,
  };
  #lapStartMs = threadCpuMs();

  lap(stage: keyof ParseCost): void {
    const nowMs = threadCpuMs();
    this.cost[stage] += nowMs - this.#lapStartMs;
    this.#lapStartMs = nowMs;
  }
}
