import { setTimeout as pause } from 'node:timers/promises';
import { lineTableOf } from '../../../indexer/decode/line-table.ts';
import type { ReadLimits } from '../../../indexer/read/read-source.ts';
import type { FileRecord } from '../../core/catalogue.ts';
import { RecentMap } from '../../core/gateway/recent-map.ts';
import type { UnpackedChunk } from '../../core/packing/packed-chunks.ts';
import { absoluteBytes, isQuiet, isSamePresent, isSameStat, look, lookInside, type PresentStat } from './look.ts';
import type { Rechunk, Rechunked } from './rechunk.ts';

/** The text of a file at one moment. */
export interface TextNow {
  /** SHA-256 of its bytes. */
  readonly hash: string;
  readonly text: string;
  readonly lineStarts: Uint32Array;
  readonly stat: PresentStat;
  /** The text cut along its syntax; null until somebody asks. */
  readonly chunks: readonly UnpackedChunk[] | null;
}

/** What a file is at one moment of the request. */
export type FileNow =
  /** What the catalogue says it is. */
  | { readonly kind: 'same' }
  | { readonly kind: 'text'; readonly now: TextNow }
  /** Gone, a link, or nothing that may be shown. */
  | { readonly kind: 'none' }
  /** It could not be read at rest. */
  | { readonly kind: 'unsettled' };

export interface FilesNowParts {
  /** Absolute path of the project's folder. */
  readonly root: string;
  readonly limits: ReadLimits;
  readonly rechunk: Rechunk;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Reading and hashing more than this would hold up other requests: a worker does it. */
const largestHere = 512_000;
/** As the indexer: a file changed this shortly before it was read may be changed again without its stat telling. */
const trustMs = 2_000;
/** A stat and a hash each; texts may have half a megabyte, and as much again in chunks. */
const rememberedHashes = 5_000;
const rememberedTexts = 16;
const pausesMs = [0, 60, 120];

/**
 * What the files of one project hold now. Where the catalogue's stat, or one that was taken here, still holds, one look is all; else the
 * file is read once, by the indexer's own rules.
 */
export class FilesNow {
  readonly #parts: FilesNowParts;
  readonly #hashes = new RecentMap<string, { readonly stat: PresentStat; readonly hash: string }>(rememberedHashes);
  readonly #texts = new RecentMap<string, TextNow>(rememberedTexts);

  constructor(parts: FilesNowParts) {
    this.#parts = parts;
  }

  /** Compares a file with what the catalogue says of it; null where only its text will do. */
  async see(path: string, record: FileRecord | null): Promise<FileNow> {
    const stat = await look(absoluteBytes(this.#parts.root, path));
    if (stat === null) return { kind: 'none' };
    // The very file that was indexed, by its inode: on the way to it no link can lead elsewhere.
    if (record !== null && isSameStat(record.stat, stat)) return { kind: 'same' };
    const seen = this.#hashes.get(path);
    if (seen !== undefined && isSamePresent(seen.stat, stat)) {
      if (seen.hash === record?.hash) return { kind: 'same' };
      const now = this.#texts.get(path);
      if (now?.hash === seen.hash) return { kind: 'text', now };
    }
    return stat.bytes > largestHere ? this.#readApart(path, record) : this.#read(path, record);
  }

  /** The text with its chunks. Where the file has changed once more meanwhile, its new text with the chunks of that. */
  async chunked(path: string, now: TextNow): Promise<FileNow> {
    if (now.chunks !== null) return { kind: 'text', now };
    const cut = await this.#cut(path, null);
    if (cut.kind !== 'chunks') return { kind: 'none' };
    if (cut.hash !== now.hash) return this.#readApart(path, null);
    return this.#remember(path, { ...now, chunks: cut.chunks });
  }

  async #read(path: string, record: FileRecord | null): Promise<FileNow> {
    const { root, limits, now } = this.#parts;
    // Most answers read no file, so that the rules for it are not even loaded before.
    const { readNow } = await import('./read-now.ts');
    const read = await readNow(
      { path, absolute: absoluteBytes(root, path) },
      { limits, now, knownHash: record?.hash ?? null, stat: () => lookInside(root, path) },
    );
    if (read.kind === 'none' || read.kind === 'unsettled') return { kind: read.kind };
    if (read.kind === 'text') {
      const { hash, text, lineStarts } = read.file;
      return this.#remember(path, { hash, text, lineStarts, stat: read.stat, chunks: null });
    }
    this.#rememberHash(path, read.stat, record?.hash ?? '');
    return { kind: 'same' };
  }

  /** Reads a file in the worker, which returns the whole of it in chunks. */
  async #readApart(path: string, record: FileRecord | null): Promise<FileNow> {
    const { root, now } = this.#parts;
    for (const pauseMs of pausesMs) {
      if (pauseMs > 0) await pause(pauseMs);
      const before = lookInside(root, path);
      if (before === null) return { kind: 'none' };
      if (!isQuiet(before, now())) continue;
      const cut = await this.#cut(path, record?.hash ?? null);
      if (cut.kind === 'none') return { kind: 'none' };
      const after = lookInside(root, path);
      if (after === null || !isSamePresent(before, after)) continue;
      if (cut.kind === 'known') {
        this.#rememberHash(path, after, record?.hash ?? '');
        return { kind: 'same' };
      }
      const text = cut.chunks.map((chunk) => chunk.text).join('');
      const { hash, chunks } = cut;
      return this.#remember(path, { hash, text, lineStarts: lineTableOf(text), stat: after, chunks });
    }
    return { kind: 'unsettled' };
  }

  #cut(path: string, knownHash: string | null): Promise<Rechunked> {
    const { root, rechunk } = this.#parts;
    return rechunk({ path, absolute: absoluteBytes(root, path), knownHash });
  }

  #remember(path: string, now: TextNow): FileNow {
    this.#rememberHash(path, now.stat, now.hash);
    if (now.text.length <= largestHere) this.#texts.set(path, now);
    return { kind: 'text', now };
  }

  #rememberHash(path: string, stat: PresentStat, hash: string): void {
    const trusted = BigInt(this.#parts.now() - trustMs) * 1_000_000n;
    if (stat.mtimeNs < trusted && stat.ctimeNs < trusted) this.#hashes.set(path, { stat, hash });
  }
}
