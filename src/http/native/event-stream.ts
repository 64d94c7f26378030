/** An event for a browser's or a program's event stream. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface EventStreamOptions {
  /** Silence after which a comment is sent, so that nothing on the way closes the connection, in milliseconds. */
  readonly keepAliveMs: number;
}

/** Headers of an event stream. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

const encoder = new TextEncoder();
const comment = encoder.encode(': still here\n\n');

/** Events as the bytes of a `text/event-stream`. The events must not throw: an error is an event, too. */
export function eventStream(
  events: AsyncIterable<StreamEvent>,
  { keepAliveMs }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const iterator = events[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  return new ReadableStream({
    start(controller) {
      timer = setInterval(() => controller.enqueue(comment), keepAliveMs);
    },
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) {
        clearInterval(timer);
        return controller.close();
      }
      timer?.refresh();
      controller.enqueue(encoder.encode(`event: ${next.value.event}\ndata: ${JSON.stringify(next.value.data)}\n\n`));
    },
    async cancel() {
      clearInterval(timer);
      await iterator.return?.();
    },
  });
}
