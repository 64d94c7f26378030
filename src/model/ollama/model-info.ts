import type { ServiceError } from '../../core/errors.ts';
import type { ModelInfo } from '../../core/gateway/model-server.ts';
import type { ModelEndpoint } from '../allowed-host.ts';
import { remoteNotice } from '../cloud-model.ts';
import { profileOf } from '../profiles/model-profile.ts';
import type { ModelProfile } from '../profiles/model-profile.ts';
import { readFacts } from './model-facts.ts';
import type { ListedModel, ModelFacts } from './model-facts.ts';

/** All that is known of one of the server's models. */
export interface KnownModel {
  readonly listed: ListedModel;
  readonly facts: ModelFacts;
  readonly profile: ModelProfile;
  readonly windowTokens: number;
}

/** A model as the port tells it. */
export function modelInfo({ listed, facts, profile, windowTokens }: KnownModel, endpoint: ModelEndpoint): ModelInfo {
  const { remoteHost: _, ...told } = listed;
  const can = facts.capabilities.length > 0 ? facts.capabilities : profile.capabilities;
  const inserts = profile.fim !== null && !can.includes('insert');
  const elsewhere = facts.remoteHost ?? (endpoint.remote ? endpoint.label : null);
  return {
    ...told,
    windowTokens,
    host: facts.remoteHost ?? endpoint.label,
    contextTokens: facts.contextTokens ?? profile.contextTokens,
    // Where the server's template cannot fill a hole, Lorekeep writes the prompt.
    capabilities: inserts ? [...can, 'insert'] : can,
    notices: elsewhere === null ? [] : [remoteNotice(elsewhere)],
  };
}

/** What the list alone tells of a model; null for one that runs elsewhere, which nobody may ask. */
export function undescribedInfo(listed: ListedModel, endpoint: ModelEndpoint, reason: ServiceError): ModelInfo | null {
  if (reason.code === 'forbidden') return null;
  const profile = profileOf({ name: listed.name, family: listed.family, baseName: '' });
  const facts = readFacts(listed.name, {});
  const info = modelInfo({ listed, facts, profile, windowTokens: profile.contextTokens }, endpoint);
  return { ...info, notices: [...info.notices, `The server does not describe this model: ${reason.message}`] };
}
