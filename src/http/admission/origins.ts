/** What a request's `Origin` means: none was sent, the service's own page, one that is allowed, an editor's, or a foreign one. */
export type OriginKind = 'none' | 'own' | 'listed' | 'editor' | 'foreign';

/** Schemes of programs that show web pages of their own; they are let in with a key, as their requests cannot come from a web site. */
const editorScheme = /^(app|file|tauri|vscode-webview|vscode-file):\/\//;

/** Sorts the `Origin` of a request to a host that was checked before. */
export function originKind(origin: string | null, host: string, listed: ReadonlySet<string>): OriginKind {
  if (origin === null) return 'none';
  if (origin === `http://${host}` || origin === `https://${host}`) return 'own';
  if (listed.has(origin)) return 'listed';
  return editorScheme.test(origin) ? 'editor' : 'foreign';
}

/**
 * True for a request that a page of another site made without saying so in `Origin`, such as an image or a script; following a link is
 * no such request.
 */
export function isHiddenCrossSite(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return headers.get('origin') === null && headers.get('sec-fetch-mode') !== 'navigate';
}

/** Headers that let a page of an allowed origin read the reply. */
export function corsHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposedHeaders,
    vary: 'Origin',
  };
}

/** Headers of the answer to a browser that asks before it sends a request. */
export function preflightHeaders(origin: string, asked: Headers): Readonly<Record<string, string>> {
  const wanted = asked.get('access-control-request-headers');
  const isPrivate = asked.get('access-control-request-private-network') === 'true';
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
    'access-control-allow-headers': wanted ?? 'authorization, content-type, x-api-key',
    ...(isPrivate ? { 'access-control-allow-private-network': 'true' } : {}),
    'access-control-max-age': '600',
    vary: 'Origin, Access-Control-Request-Headers',
  };
}

const exposedHeaders = [
  'x-request-id',
  'retry-after',
  ...[
    'route',
    'reason',
    'confidence',
    'cache',
    'prompt-tokens',
    'project',
    'citations',
    'left-out',
    'freshness',
    'notices',
  ].map((name) => `x-lorekeep-${name}`),
].join(', ');
