import type { OpenAnswer } from './http-exchange.ts';

/** Headers that belong to one connection, not to what is said on it. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header (lower case) belongs to one connection only. */
export function isHopByHop(name: string): boolean {
  return hopByHop.has(name);
}

/** An answer as the web platform's `Response`, its body as it comes; headers of the connection are left out. */
export function toWebResponse(answer: OpenAnswer): Response {
  const { status } = answer;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value === undefined || isHopByHop(name)) continue;
    for (const one of typeof value === 'string' ? [value] : value) headers.append(name, one);
  }
  if (![204, 205, 304].includes(status)) return new Response(toWebStream(answer), { status, headers });
  answer.release();
  void answer.chunks.next();
  return new Response(null, { status, headers });
}

/** Unlike `ReadableStream.from`, whose cancelling waits for the next chunk, this one ends the connection at once. */
function toWebStream({ chunks, discard }: OpenAnswer): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        discard();
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
