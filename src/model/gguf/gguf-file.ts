import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { ModelInfo } from '../../core/gateway/model-server.ts';
import { readFacts, textOf } from '../ollama/model-facts.ts';
import type { FreeMemory } from '../ollama/free-memory.ts';
import { chooseWindow } from '../ollama/window-tokens.ts';
import type { ChatStyle } from '../profiles/chat-styles.ts';
import type { FimStyle } from '../profiles/fim-styles.ts';
import { profileOf } from '../profiles/model-profile.ts';
import { readGgufMetadata } from './gguf-metadata.ts';
import type { GgufMetadata } from './gguf-metadata.ts';

/** A model's file as it is at a moment. */
export interface GgufFile {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Without its lists. */
  readonly metadata: GgufMetadata;
}

/** For a file that does not tell a context, in tokens. */
const unknownContextTokens = 4_096;

/** What is to be known of a file before it is read. Throws `request_invalid` for a name that is no absolute path. */
export async function ggufFileStats(path: string): Promise<{ readonly bytes: number; readonly modifiedMs: number }> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new ServiceError('request_invalid', `"gguf:${path}" names no file: write gguf:/absolute/path/of/model.gguf.`);
  }
  try {
    const { size, mtimeMs, isFile } = await statOf(path);
    if (isFile) return { bytes: size, modifiedMs: mtimeMs };
  } catch (error) {
    throw new ServiceError('model_missing', `The file ${path} cannot be read. Check the path and its rights.`, {
      cause: error,
    });
  }
  throw new ServiceError('model_missing', `${path} is no file. Name a model's GGUF file.`);
}

async function statOf(path: string): Promise<{ size: number; mtimeMs: number; isFile: boolean }> {
  const stats = await stat(path);
  return { size: stats.size, mtimeMs: stats.mtimeMs, isFile: stats.isFile() };
}

/** Reads what a file tells of its model. Throws `model_missing` where there is none, `request_invalid` where it is no GGUF file. */
export async function readGgufFile(path: string): Promise<GgufFile> {
  const stats = await ggufFileStats(path);
  const metadata = await readGgufMetadata(path, false);
  if (metadata !== null) return { path, ...stats, metadata };
  throw new ServiceError('request_invalid', `${path} is no GGUF file of version 2 or 3, or it is cut off.`);
}

/** What is known of the model in a file. */
export interface KnownFile {
  readonly info: ModelInfo;
  /** How its family fills a hole in code, null where it was not trained to, or where the file itself says how. */
  readonly fim: FimStyle | null;
  /** How its family writes a conversation, null where the file itself says how. */
  readonly chat: ChatStyle | null;
}

/** What is known of the model in a file, with a window that fits into memory beside the weights. */
export function knownFile(file: GgufFile, memory: FreeMemory): KnownFile {
  const { path, bytes, modifiedMs, metadata } = file;
  const { contextTokens, kvBytesPerToken, baseName } = readFacts(path, { model_info: metadata });
  const family = textOf(metadata['general.architecture']);
  const { fim, chat } = profileOf({ name: basename(path), family, baseName });
  const isEmbedder = metadata[`${family}.pooling_type`] !== undefined;
  const needs = { isEmbedder, kvBytesPerToken, memory, weightBytes: bytes, loaded: null };
  const info = {
    name: path,
    digest: digestOf(file),
    host: 'in-process',
    contextTokens: contextTokens ?? unknownContextTokens,
    windowTokens: chooseWindow({ ...needs, trainedTokens: contextTokens }),
    capabilities: isEmbedder
      ? ['embedding']
      : ['completion', ...(fim !== null || fillsHoles(metadata) ? ['insert'] : [])],
    family,
    parameterSize: textOf(metadata['general.size_label']),
    quantization: fileTypes[Number(metadata['general.file_type'])] ?? '',
    bytes,
    modifiedAt: new Date(modifiedMs).toISOString(),
    notices: [],
  };
  return { info, fim, chat: metadata['tokenizer.chat_template'] === undefined ? chat : null };
}

/** Whether a file names the tokens around a hole in code. */
function fillsHoles(metadata: GgufMetadata): boolean {
  return ['fim_pre_token_id', 'prefix_token_id'].some((key) => metadata[`tokenizer.ggml.${key}`] !== undefined);
}

/** The weights are too large to be hashed; their size, their time and all that stands before them tell two files apart. */
function digestOf({ bytes, modifiedMs, metadata }: GgufFile): string {
  const told = JSON.stringify([bytes, modifiedMs, metadata]);
  return createHash('sha256').update(told).digest('hex');
}

/** Names of quantisations by their numbers in a file. */
const fileTypes: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4',
};
