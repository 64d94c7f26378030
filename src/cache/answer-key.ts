import { canonicalJson } from '../core/packing/canonical-json.ts';
import type { AnswerDependencies } from '../core/gateway/answer-cache.ts';
import type { ChatCall, CompletionCall, ModelInfo } from '../core/gateway/model-server.ts';
import { sha256 } from '../core/hash.ts';

const hourMs = 3_600_000;

/**
 * Lower-case hex SHA-256 of everything that an answer depends on. `now` (milliseconds since 1970) counts for models without
 * a digest only: nobody can tell whether the server has other weights by now, so their answers serve until the hour ends.
 */
export function answerKey(parts: AnswerDependencies, now: number): string {
  const { promptVersion, scope, projects, model, call, route, evidence } = parts;
  return sha256(
    canonicalJson({
      promptVersion,
      scope: scope === null ? null : [...scope].sort(),
      projects: [...projects].sort(),
      model: model.digest === '' ? reportedModel(model, now) : { name: model.name, digest: model.digest },
      call: callParts(call),
      route: route === null ? null : { kind: route.kind, files: route.files },
      // In the order in which the prompt has them.
      evidence: evidence.map(({ project, path, startLine, endLine, hash }) => [
        project,
        path,
        startLine,
        endLine,
        hash,
      ]),
    }),
  );
}

/** How long a model stays loaded changes no answer. A model may follow the order of a schema's keys, so that one counts. */
function callParts(call: ChatCall | CompletionCall): object {
  const { keepAlive: _, format, extra, ...rest } = call;
  const tools = 'tools' in rest ? JSON.stringify(rest.tools) : undefined;
  return {
    ...rest,
    tools,
    format: JSON.stringify(format),
    extra: extra === undefined ? undefined : canonicalJson(extra),
  };
}

/** All that a server without digests says of a model. */
function reportedModel(model: ModelInfo, now: number): object {
  // Not the time of change: such servers give the present time for it.
  const { name, host, contextTokens, capabilities, family, parameterSize, quantization, bytes } = model;
  const properties = { contextTokens, capabilities, family, parameterSize, quantization, bytes };
  return { name, host, properties, hour: Math.floor(now / hourMs) };
}
