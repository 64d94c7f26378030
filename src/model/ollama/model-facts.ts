import { remoteHostOf } from '../cloud-model.ts';
import { asRecord, positiveInteger } from '../json-answer.ts';

/** What the server says of a model; null for what it does not tell. */
export interface ModelFacts {
  /** Tokens that the model was trained to take. */
  readonly contextTokens: number | null;
  /** Length of its vectors. */
  readonly dimension: number | null;
  readonly capabilities: readonly string[];
  /** Host that the server forwards the model's requests to, null when it runs the model itself. */
  readonly remoteHost: string | null;
  /** Name that the makers of the weights gave them, '' where unknown. */
  readonly baseName: string;
  /** Memory that one token of the context window takes, at 16 bits a value. */
  readonly kvBytesPerToken: number | null;
}

/** An entry of the server's list of models. */
export interface ListedModel {
  readonly name: string;
  /** '' when the server lists it without one. */
  readonly digest: string;
  readonly bytes: number;
  readonly modifiedAt: string;
  readonly family: string;
  readonly parameterSize: string;
  readonly quantization: string;
  readonly remoteHost: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads an answer of `/api/show`. */
export function readFacts(model: string, shown: Fields): ModelFacts {
  const info = asRecord(shown['model_info']);
  const architecture = String(info['general.architecture']);
  const { capabilities } = shown;
  return {
    contextTokens: positiveInteger(info[`${architecture}.context_length`]),
    dimension: positiveInteger(info[`${architecture}.embedding_length`]),
    capabilities: Array.isArray(capabilities) ? capabilities.map(String) : [],
    remoteHost: remoteHostOf(model, shown),
    baseName: textOf(info['general.basename'] ?? info['general.name']),
    kvBytesPerToken: kvBytesPerToken(info, architecture),
  };
}

/** Reads an entry of `/api/tags`. */
export function readListed(entry: Fields): ListedModel {
  const details = asRecord(entry['details']);
  const name = textOf(entry['name'] ?? entry['model']);
  return {
    name,
    digest: textOf(entry['digest']),
    bytes: positiveInteger(entry['size']) ?? 0,
    modifiedAt: textOf(entry['modified_at']),
    family: textOf(details['family']),
    parameterSize: textOf(details['parameter_size']),
    quantization: textOf(details['quantization_level']),
    remoteHost: remoteHostOf(name, entry),
  };
}

/** A model's name as the server lists it: one without a tag means `latest`, and case does not matter. */
export function listedName(model: string): string {
  return (/:[^/]*$/.test(model) ? model : `${model}:latest`).toLowerCase();
}

const bytesPerValue = 2;

/** Keys and values of all layers; some models have another number of heads in every layer. */
function kvBytesPerToken(info: Fields, architecture: string): number | null {
  const value = (key: string): unknown => info[`${architecture}.${key}`];
  const layers = positiveInteger(value('block_count'));
  const heads = positiveInteger(value('attention.head_count'));
  const width = positiveInteger(value('embedding_length'));
  const headWidth = heads === null || width === null ? null : width / heads;
  const keys = positiveInteger(value('attention.key_length')) ?? headWidth;
  const values = positiveInteger(value('attention.value_length')) ?? headWidth;
  const kvHeads = value('attention.head_count_kv') ?? heads;
  if (layers === null || keys === null || values === null) return null;
  const allHeads = Array.isArray(kvHeads)
    ? kvHeads.reduce<number>((sum, count) => sum + (positiveInteger(count) ?? 0), 0)
    : layers * (positiveInteger(kvHeads) ?? 0);
  return allHeads > 0 ? allHeads * (keys + values) * bytesPerValue : null;
}

/** A JSON value where it is text, else ''. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
