import { isIP } from 'node:net';

/** What a service answers to. */
export interface HostNames {
  /** Address or name that it listens on. */
  readonly listenHost: string;
  /** Further names. */
  readonly hosts: readonly string[];
}

/** True for a name or an address of this machine that nobody else can reach. */
export function isLoopback(host: string): boolean {
  const name = bare(host);
  if (name === 'localhost' || name === '::1') return true;
  const address = name.startsWith('::ffff:') ? name.slice(7) : name;
  return isIP(address) === 4 && address.startsWith('127.');
}

/** True for an address that stands for all addresses of the machine. */
export function isWildcard(host: string): boolean {
  return ['', '0.0.0.0', '::'].includes(bare(host));
}

const hostHeader = /^(\[[\da-f:.]+\]|[^\s:/@[\]\\]+)(?::\d{1,5})?$/i;

/**
 * Decides whether a `Host` header names this service. A page of another site that has its name point at this machine (DNS rebinding)
 * still sends its own name. An address cannot be pointed elsewhere, so where the service listens on all of them, each will do.
 */
export function hostCheck({ listenHost, hosts }: HostNames): (header: string) => boolean {
  const names = new Set([listenHost, ...hosts].map(bare).filter((name) => name !== ''));
  const isOpen = isWildcard(listenHost);
  // Clients name one or two hosts over and over.
  const known = new Map<string, boolean>();
  const decide = (header: string): boolean => {
    const match = hostHeader.exec(header);
    if (match === null) return false;
    const name = bare(match[1]!);
    return isLoopback(name) || names.has(name) || (isOpen && isIP(name) !== 0);
  };
  return (header) => {
    const before = known.get(header);
    if (before !== undefined) return before;
    const isAllowed = decide(header);
    if (known.size < 100) known.set(header, isAllowed);
    return isAllowed;
  };
}

/** Lower case, without the brackets of an IPv6 address. */
function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}
