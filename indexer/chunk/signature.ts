const maxSignature = 200;
/** Far more than a signature needs even with wide indentation. */
const maxRead = 2000;

/**
 * A definition's head: its text up to the body, or its first line where it has no body; white space collapsed, at most
 * 200 characters.
 */
export function signatureOf(text: string, definition: { start: number; end: number; bodyStart: number }): string {
  const { start, end, bodyStart } = definition;
  const head = text.slice(start, Math.min(bodyStart, start + maxRead)).trimStart();
  const wanted = bodyStart < end ? head : (/^[^\r\n]*/.exec(head)?.[0] ?? '');
  const collapsed = wanted
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\s*(?:\{|=>|=)$/, '');
  return truncate(collapsed);
}

function truncate(text: string): string {
  if (text.length <= maxSignature) return text;
  const splitsPair = (text.charCodeAt(maxSignature) & 0xfc00) === 0xdc00;
  return text.slice(0, splitsPair ? maxSignature - 1 : maxSignature).trimEnd();
}
