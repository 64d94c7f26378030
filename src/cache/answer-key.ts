import { canonicalJson } from '../core/canonical-json.ts';
import type { ChatCall, CompletionCall, ModelInfo } from '../core/gateway/model-server.ts';
import { sha256 } from '../core/hash.ts';
import type { RouteKind } from '../core/route.ts';

/** A span of a project that a prompt holds, or a file that was considered for it. */
export interface EvidenceKey {
  readonly project: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** SHA-256 of the content. */
  readonly hash: string;
}

/** Everything that an answer depends on. What is added to an answer behind the model, such as cited places, is no part. */
export interface AnswerParts {
  /** Changes with every wording of our prompts, so that a new version of Lorekeep does not give old answers. */
  readonly promptVersion: string;
  /** Projects that the caller may read, null for all: callers of different rights never share an answer. */
  readonly scope: readonly string[] | null;
  /** Projects that this request is about. */
  readonly projects: readonly string[];
  /** The model that is asked: its digest stands for its weights, template and defaults. */
  readonly model: ModelInfo;
  /** The call as it is sent, evidence and our own options (window, length) included. */
  readonly call: ChatCall | CompletionCall;
  /** What the router decided; null where it was not asked. */
  readonly route: { readonly kind: RouteKind; readonly files: readonly string[] } | null;
  readonly evidence: readonly EvidenceKey[];
}

const hourMs = 3_600_000;

/**
 * Lower-case hex SHA-256 of everything that an answer depends on. `now` (milliseconds since 1970) counts for models without
 * a digest only: nobody can tell whether the server has other weights by now, so their answers serve until the hour ends.
 */
export function answerKey(parts: AnswerParts, now: number): string {
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
