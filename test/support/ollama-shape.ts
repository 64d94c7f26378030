/** What two answers of Ollama's protocol can be compared by: everything but the values. */
export interface AnswerShape {
  readonly status: number;
  readonly contentType: string;
  /** Shapes of the lines; equal ones that follow each other count once. */
  readonly lines: readonly string[];
}

/** Reads a response. Text that is no JSON counts as it is. */
export async function shapeOf(response: Response): Promise<AnswerShape> {
  const text = await response.text();
  // Without its parameters: JSON is UTF-8, whether a server says so or not.
  const contentType = response.headers.get('content-type')?.split(';', 1)[0] ?? '';
  const isLines = contentType === 'application/x-ndjson';
  const parts = isLines ? text.trimEnd().split('\n') : [text];
  const lines = parts.map((part) =>
    contentType.includes('json') && part !== '' ? shapeOfJson(JSON.parse(part)) : part,
  );
  return {
    status: response.status,
    // Node's adapter gives an answer without a body the type of text.
    contentType: text === '' && contentType === 'text/plain' ? '' : contentType,
    lines: lines.filter((line, index) => line !== lines[index - 1]),
  };
}

/** Values that are part of the protocol and not of an answer. */
const told = new Set(['done', 'done_reason', 'role', 'object', 'status']);

/** Names in their order, and the types of values; of a list its first member, and how many numbers there are. */
function shapeOfJson(value: unknown, name = ''): string {
  if (Array.isArray(value)) {
    const count = typeof value[0] === 'number' && name !== 'context' ? `${value.length}×` : '';
    return value.length === 0 ? '[]' : `[${count}${shapeOfJson(value[0])}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${key}: ${shapeOfJson(member, key)}`)
      .join(', ')}}`;
  }
  return told.has(name) ? JSON.stringify(value) : value === null ? 'null' : typeof value;
}
