import { BlockList, isIP } from 'node:net';
import { ServiceError } from '../core/errors.ts';
import { ollamaServer } from './server-kind.ts';
import type { ServerKind } from './server-kind.ts';

/** A model server that may be talked to. */
export interface ModelEndpoint {
  /** Base of request URLs, without a slash at its end. For a Unix socket the host in it is a placeholder. */
  readonly baseUrl: string;
  /** Path of a Unix socket, null for TCP. */
  readonly socketPath: string | null;
  /** For people: `host:port` or the socket's path. */
  readonly label: string;
  /** True when the server is on another machine, which a person has allowed by name. */
  readonly remote: boolean;
  /** For messages. */
  readonly kind: ServerKind;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * The endpoint behind a model URL. Only loopback addresses, `localhost` and Unix sockets pass, and hosts that
 * `allowedHosts` names (`host` for every port, or `host:port`). Throws `config_invalid` for a URL that is none,
 * `forbidden` for a host that nobody allowed. Nothing is looked up in DNS.
 */
export function resolveEndpoint(
  modelUrl: string,
  allowedHosts: readonly string[],
  kind: ServerKind = ollamaServer,
): ModelEndpoint {
  if (modelUrl.startsWith('unix:')) return socketEndpoint(modelUrl, kind);
  const url = parseUrl(modelUrl, kind);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const label = `${url.hostname}:${port}`;
  const remote = !isLoopbackHost(url.hostname);
  if (remote && !isAllowedHost(label, allowedHosts)) {
    throw new ServiceError(
      'forbidden',
      `The model server ${label} is not on this machine, and nothing may leave it. Use http://127.0.0.1:${port} ` +
        `or a Unix socket, or, if code may be sent there, add "${url.hostname}" to allowedHosts.`,
    );
  }
  return { baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, socketPath: null, label, remote, kind };
}

/** True for a loopback address as a URL writes it (`127.0.0.1`, `[::1]`) and for the name `localhost` alone. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family === 0) return host === 'localhost';
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a person allowed `host:port`, by that name or by the host's name alone. */
export function isAllowedHost(hostAndPort: string, allowedHosts: readonly string[]): boolean {
  const wanted = hostAndPort.toLowerCase();
  const host = wanted.replace(/:\d+$/, '');
  return allowedHosts.some((entry) => [wanted, host, host.replace(/^\[|\]$/g, '')].includes(entry.toLowerCase()));
}

function socketEndpoint(modelUrl: string, kind: ServerKind): ModelEndpoint {
  const path = modelUrl.replace(/^unix:(\/\/)?/, '');
  if (!path.startsWith('/') || path.includes('\0')) {
    throw new ServiceError('config_invalid', `"${modelUrl}" is no Unix socket: write unix:/path/to/socket.`);
  }
  return { baseUrl: 'http://localhost', socketPath: path, label: path, remote: false, kind };
}

function parseUrl(modelUrl: string, kind: ServerKind): URL {
  const url = URL.parse(modelUrl);
  const usable = url !== null && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '';
  // A user name in a URL is how `http://127.0.0.1@elsewhere` hides its host; no server has a use for one.
  if (!usable || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    const shown = modelUrl.replace(/\/\/[^/]*@/, '//***@');
    throw new ServiceError('config_invalid', `"${shown}" is no model URL: write ${kind.exampleUrl}.`);
  }
  return url;
}
