/**
 * The one text of plain JSON data: keys sorted by their UTF-16 units, no blanks, fields that are undefined left out; numbers
 * and strings as `JSON.stringify` writes them. This is RFC 8785 for all that JSON can hold. Throws on cycles and bigints.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let text = '';
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}
