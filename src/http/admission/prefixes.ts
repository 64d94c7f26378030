/** What a path says before the path of a route. */
export interface Prefixes {
  /** Key of `/k/<key>`, null for none. */
  readonly key: string | null;
  /** Name of `/p/<project>`, null for none. */
  readonly project: string | null;
}

export interface StrippedPath extends Prefixes {
  /** What is left, with its query. */
  readonly path: string;
}

const prefix = /^\/(k|p)\/([^/?#]*)(?=[/?#]|$)/;

/**
 * Takes `/k/<key>` and `/p/<project>`, in either order, from a path: for clients that can set an address and nothing else. What runs
 * behind this never sees the key. Doubled slashes at the start of the path become one: base addresses often end in one.
 */
export function stripPath(path: string): StrippedPath {
  const mark = path.charAt(1);
  const isPlain = mark !== '/' && !((mark === 'k' || mark === 'p') && path.charAt(2) === '/');
  if (isPlain) return { path, key: null, project: null };
  const found: { k: string | null; p: string | null } = { k: null, p: null };
  let rest = withOneSlash(path);
  for (let match = prefix.exec(rest); match !== null; match = prefix.exec(rest)) {
    const kind = match[1] as 'k' | 'p';
    if (found[kind] !== null) break;
    found[kind] = decoded(match[2]!);
    rest = withOneSlash(rest.slice(match[0].length));
  }
  return { path: rest, key: found.k, project: found.p };
}

/** The same for a request; one without prefixes is given back as it is. */
export function stripRequest(request: Request): Prefixes & { readonly request: Request } {
  const { url } = request;
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const given = url.slice(start);
  const { path, key, project } = stripPath(given);
  return { request: path === given ? request : movedTo(url.slice(0, start) + path, request), key, project };
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
