import type { AuditLine } from '../core/gateway/audit-archive.ts';

/**
 * Our names → those of the Elastic Common Schema and of OpenTelemetry's conventions for generative AI, which are still
 * experimental: a change there is a change of this table alone. What neither has goes under `lorekeep.`.
 */
const commonNames: Readonly<Record<string, string>> = {
  id: 'event.id',
  method: 'http.request.method',
  route: 'url.path',
  clientAddress: 'client.ip',
  keyId: 'user.id',
  keyName: 'user.name',
  model: 'gen_ai.request.model',
  modelDigest: 'lorekeep.model.digest',
  projects: 'gen_ai.data_source.id',
  decision: 'lorekeep.route',
  sent: 'lorekeep.sent',
  questionHash: 'lorekeep.question.hash',
  answerHash: 'lorekeep.answer.hash',
  question: 'gen_ai.input.messages',
  answer: 'gen_ai.output.messages',
  cache: 'lorekeep.cache',
  promptTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  firstByteMs: 'lorekeep.first_byte_ms',
  status: 'http.response.status_code',
  error: 'error.code',
};

/** A line under the names that log collectors know; its hash makes a good document id, so that sending it twice adds nothing. */
export function withCommonNames({ action, at, details, sequence, hash }: AuditLine): Readonly<Record<string, unknown>> {
  const { durationMs, ...rest } = details;
  const named = Object.entries(rest).map(([name, value]) => [commonNames[name] ?? `lorekeep.${name}`, value]);
  return {
    '@timestamp': at,
    'ecs.version': '8.17.0',
    'event.action': action,
    'event.kind': 'event',
    'event.sequence': sequence,
    'event.hash': hash,
    ...(typeof durationMs === 'number' ? { 'event.duration': Math.round(durationMs * 1e6) } : {}),
    ...('error' in details ? { 'event.outcome': 'failure' } : {}),
    'service.name': 'lorekeep',
    ...Object.fromEntries(named),
  };
}
