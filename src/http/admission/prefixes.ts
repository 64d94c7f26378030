/** A request without what its path said before the path of a route, and what that was. */
export interface StrippedRequest {
  readonly request: Request;
  /** Key of `/k/<key>`, null for none. */
  readonly key: string | null;
  /** Name of `/p/<project>`, null for none. */
  readonly project: string | null;
}

const prefix = /^\/(k|p)\/([^/?#]*)(?=[/?#]|$)/;

/**
 * Takes `/k/<key>` and `/p/<project>`, in either order, from the path: for clients that can set an address and nothing else. What
 * runs behind this never sees the key. Doubled slashes at the start of the path become one: base addresses often end in one.
 */
export function stripPrefixes(request: Request): StrippedRequest {
  const { url } = request;
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const mark = url.charAt(start + 1);
  if (start < 0 || (mark !== '/' && !((mark === 'k' || mark === 'p') && url.charAt(start + 2) === '/')))
    return { request, key: null, project: null };
  const found: { k: string | null; p: string | null } = { k: null, p: null };
  let rest = withOneSlash(url.slice(start));
  for (let match = prefix.exec(rest); match !== null; match = prefix.exec(rest)) {
    const kind = match[1] as 'k' | 'p';
    if (found[kind] !== null) break;
    found[kind] = decoded(match[2]!);
    rest = withOneSlash(rest.slice(match[0].length));
  }
  return { request: movedTo(url.slice(0, start) + rest, request), key: found.k, project: found.p };
}

function withOneSlash(path: string): string {
  return `/${path.replace(/^\/+/, '')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function movedTo(url: string, request: Request): Request {
  const { method, headers, signal } = request;
  const body = method === 'GET' || method === 'HEAD' ? null : request.body;
  return new Request(url, { method, headers, signal, body, ...(body === null ? {} : { duplex: 'half' }) });
}
