/**
 * The keys that a request offers, the one to try first in front: in its path, as Bearer, as `x-api-key`, or as password or user of
 * Basic. Empty where it offers none. More than one only for Basic, whose clients differ in the field they put a key in.
 */
export function requestKeys(pathKey: string | null, headers: Headers): readonly string[] {
  if (pathKey !== null) return [pathKey];
  const authorization = headers.get('authorization');
  const [scheme = '', credentials = ''] = authorization?.trim().split(/\s+/, 2) ?? [];
  if (scheme.toLowerCase() === 'bearer') return [credentials];
  const apiKey = headers.get('x-api-key');
  if (apiKey !== null) return [apiKey.trim()];
  return scheme.toLowerCase() === 'basic' ? basicKeys(credentials) : [];
}

function basicKeys(credentials: string): readonly string[] {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const parts = colon < 0 ? [text] : [text.slice(colon + 1), text.slice(0, colon)];
  const given = parts.filter((part) => part !== '');
  return given.length === 0 ? [''] : given;
}
