import { ServiceError } from '../core/errors.ts';
import { isAllowedHost } from './allowed-host.ts';

/** Where the Ollama company runs models that a local server only forwards to. */
const ollamaCloud = 'ollama.com:443';

/** Fields by which Ollama tells that a model runs elsewhere. */
export interface RemoteFields {
  readonly remote_host?: unknown;
  readonly remote_model?: unknown;
}

/** `host:port` of the machine that really runs a model, null when the server itself does. */
export function remoteHostOf(model: string, fields: RemoteFields): string | null {
  if (typeof fields.remote_host === 'string' && fields.remote_host !== '') return hostAndPort(fields.remote_host);
  const forwarded = typeof fields.remote_model === 'string' && fields.remote_model !== '';
  return forwarded || /[-:]cloud$/i.test(model) ? ollamaCloud : null;
}

/** Throws `forbidden` when a model runs on a host that nobody allowed. */
export function refuseRemoteModel(model: string, remoteHost: string | null, allowedHosts: readonly string[]): void {
  if (remoteHost === null || isAllowedHost(remoteHost, allowedHosts)) return;
  const name = remoteHost.replace(/:\d+$/, '');
  throw new ServiceError(
    'forbidden',
    `The model "${model}" does not run here: Ollama forwards it to ${remoteHost}, and nothing may leave this machine. ` +
      `Choose a local model with --model, or, if code may be sent there, add "${name}" to allowedHosts.`,
  );
}

/** What every answer of a model must carry that runs on another machine. */
export function remoteNotice(host: string): string {
  return `The question and the evidence were sent to ${host}, another machine, which the configuration allows.`;
}

function hostAndPort(remoteHost: string): string {
  const url = URL.parse(remoteHost.includes('://') ? remoteHost : `https://${remoteHost}`);
  if (url === null) return remoteHost;
  return `${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`;
}
