/** Cuts the text of an event stream into events; what is not whole yet waits for more. */
export function eventReader(onEvent) {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2)));
      if (fields.data !== undefined) onEvent(fields.event, JSON.parse(fields.data));
    }
  };
}

/** Sends a question and hands over each event of the answer. Throws what the service says, as `{status, message}`. */
export async function askQuestion(send, body, { onEvent, signal }) {
  const reply = await send('/lorekeep/ask', {
    method: 'POST',
    body: JSON.stringify({ ...body, stream: true }),
    signal,
  });
  const read = eventReader(onEvent);
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) read(next.value);
}

/** A function that asks the service below a base path, with the key that `keyOf` gives. */
export function sender(base, keyOf) {
  return async (path, options = {}) => {
    const key = keyOf();
    const headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) };
    const reply = await fetch(base + path, { ...options, headers, cache: 'no-store' });
    if (reply.ok) return reply;
    const said = await reply.json().catch(() => ({}));
    throw Object.assign(new Error(said.error?.message ?? reply.statusText), { status: reply.status });
  };
}
