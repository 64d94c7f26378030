/** When an answer's head is sent at the latest, and what keeps a silent stream alive. All in milliseconds. */
export interface StreamTiming {
  /** Some clients give up when no head has come in 30 s; until then an error still gets its own status. */
  readonly headMs: number;
  /** Proxies and clients drop connections on which nothing comes; a sign of life is sent this often. */
  readonly pulseMs: number;
}

export const defaultTiming: StreamTiming = { headMs: 10_000, pulseMs: 10_000 };

/** What tells clients and proxies that events follow, and that they must not be held back. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
} as const;

/** What is sent while there is nothing to send, and how often. */
export interface Pulse {
  readonly text: string;
  readonly everyMs: number;
}

/** A server-sent event; `name` is undefined where the protocol has none. */
export function eventText(data: object | string, name?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return name === undefined ? `data: ${text}\n\n` : `event: ${name}\ndata: ${text}\n\n`;
}

/** The body of a stream of events. When the client goes away, the pieces are asked to end. */
export function eventStream(pieces: AsyncIterable<string>, pulse: Pulse): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let pending: Promise<IteratorResult<string>> | null = null;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      pending ??= iterator.next();
      const next = await orLate(pending, pulse.everyMs);
      if (next === 'late') return controller.enqueue(encoder.encode(pulse.text));
      pending = null;
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel() {
      // Not waited for: pieces that wait for a model end when the request's signal says so.
      void iterator.return?.().catch(() => {});
    },
  });
}

async function orLate<Value>(value: Promise<Value>, waitMs: number): Promise<Value | 'late'> {
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), waitMs);
  try {
    return await Promise.race([value, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
