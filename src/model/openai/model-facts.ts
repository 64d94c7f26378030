import type { ModelInfo } from '../../core/gateway/model-server.ts';
import type { ModelEndpoint } from '../allowed-host.ts';
import { remoteNotice } from '../cloud-model.ts';
import { asRecord, asRecords, positiveInteger } from '../json-answer.ts';
import { profileOf } from '../profiles/model-profile.ts';
import type { Dialect } from './dialect.ts';
import { digestOf } from './openai-client.ts';

/** For a server that does not tell a model's context, in tokens: what the smallest windows of servers are. */
const unknownContextTokens = 4_096;

type Facts = Readonly<Record<string, unknown>>;

/** What a server told of a model, in its own words. */
export interface ToldFacts {
  readonly endpoint: ModelEndpoint;
  readonly dialect: Dialect;
  readonly model: string;
  /** Its entry in the list of models. */
  readonly entry: Facts;
  /** llama.cpp's `/props`, or LM Studio's own entry; empty where there is none. */
  readonly own: Facts;
}

/** What is known of a model, from what its server told. */
export function modelInfo(told: ToldFacts): ModelInfo {
  const { endpoint, model, entry, own } = told;
  const meta = asRecord(entry['meta']);
  const trained = firstPositive(entry['max_model_len'], own['max_context_length'], meta['n_ctx_train']);
  const served = firstPositive(
    asRecord(own['default_generation_settings'])['n_ctx'],
    own['loaded_context_length'],
    loadedContext(own),
  );
  const contextTokens = trained ?? served ?? unknownContextTokens;
  return {
    name: model,
    digest: digestOf([entry['root'], meta['n_params'], meta['size'], own['quantization']]),
    host: endpoint.label,
    contextTokens,
    windowTokens: Math.min(served ?? contextTokens, contextTokens),
    capabilities: capabilitiesOf(told),
    family: textOf(own['arch'] ?? own['architecture']),
    parameterSize: sizeLabel(positiveInteger(meta['n_params'])) || textOf(own['params_string']),
    quantization: textOf(asRecord(own['quantization'])['name'] ?? own['quantization']),
    bytes: firstPositive(meta['size'], own['size_bytes']) ?? 0,
    modifiedAt: new Date((positiveInteger(entry['created']) ?? 0) * 1_000).toISOString(),
    notices: [
      ...(endpoint.remote ? [remoteNotice(endpoint.label)] : []),
      ...(trained === null && served === null ? [unknownNotice(endpoint, model)] : []),
    ],
  };
}

/** LM Studio's entry for a model in either of its own lists. */
export function lmStudioEntry(list: unknown, model: string): Facts {
  const { data, models } = asRecord(list);
  const entries = asRecords(data ?? models);
  return entries.find((entry) => entry['id'] === model || entry['key'] === model) ?? {};
}

/**
 * What a model can do. A server that tells nothing is taken to be able to do what the protocol has calls for: it says so
 * itself when it is not.
 */
function capabilitiesOf({ dialect, model, own }: ToldFacts): readonly string[] {
  const type = own['type'];
  if (type === 'embeddings' || type === 'embedding') return ['embedding'];
  const told = own['capabilities'];
  const isTold = Array.isArray(told) || typeof told === 'object';
  const abilities = asRecord(told);
  const hasTools = Array.isArray(told) ? told.includes('tool_use') : abilities['trained_for_tool_use'] === true;
  const seesImages = type === 'vlm' || abilities['vision'] === true || asRecord(own['modalities'])['vision'] === true;
  const { fim } = profileOf({ name: model, family: textOf(own['arch']), baseName: '' });
  const fillsIn = dialect.fillsIn || (dialect.isRaw && fim !== null);
  return [
    'completion',
    ...(hasTools || !isTold || told === null ? ['tools'] : []),
    ...(fillsIn ? ['insert'] : []),
    ...(seesImages ? ['vision'] : []),
    ...(type === undefined ? ['embedding'] : []),
  ];
}

function loadedContext(own: Facts): unknown {
  const [instance = {}] = asRecords(own['loaded_instances']);
  return asRecord(instance['config'])['context_length'];
}

function firstPositive(...values: readonly unknown[]): number | null {
  return values.map(positiveInteger).find((value) => value !== null) ?? null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** 6738546688 → `6.7B`; '' for an unknown number. */
function sizeLabel(parameters: number | null): string {
  if (parameters === null) return '';
  const [unit, sign] = parameters >= 1e9 ? [1e9, 'B'] : [1e6, 'M'];
  return `${Number((parameters / unit).toPrecision(parameters >= unit * 10 ? 3 : 2))}${sign}`;
}

function unknownNotice({ label }: ModelEndpoint, model: string): string {
  return `The server at ${label} does not tell how much "${model}" takes: ${unknownContextTokens} tokens are assumed.`;
}
