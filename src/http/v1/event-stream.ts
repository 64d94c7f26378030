/** When an answer's head is sent at the latest, and what keeps a silent stream alive. All in milliseconds. */
export interface StreamTiming {
  /** Some clients give up when no head has come in 30 s; until then an error still gets its own status. */
  readonly headMs: number;
  /** Proxies and clients drop connections on which nothing comes: a sign of life is sent after this to twice this time of silence. */
  readonly pulseMs: number;
}

export const defaultTiming: StreamTiming = { headMs: 10_000, pulseMs: 10_000 };

/** What tells clients and proxies that events follow, and that they must not be held back. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
} as const;

/** What a stream says beside its pieces. */
export interface StreamSigns {
  /** Sent while there is nothing else to send. */
  readonly pulse: string;
  readonly pulseMs: number;
  /** The last piece of a stream whose pieces failed. */
  readonly failure: (thrown: unknown) => string;
  /** Ends what the pieces are made of: pieces that have not looked at it yet would not. */
  readonly close: () => Promise<void>;
}

/** A server-sent event; `name` is undefined where the protocol has none. */
export function eventText(data: object | string, name?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return name === undefined ? `data: ${text}\n\n` : `event: ${name}\ndata: ${text}\n\n`;
}

/** The body of a stream of events. When the client goes away, the pieces are asked to end. */
export function eventStream(
  pieces: AsyncIterable<string>,
  { pulse, pulseMs, failure, close }: StreamSigns,
): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let isSilent = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      // One timer a stream, not one a piece.
      timer = setInterval(() => {
        // A reader that takes nothing needs no sign of life.
        if (isSilent && (controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(pulse));
        isSilent = true;
      }, pulseMs).unref();
    },
    async pull(controller) {
      const piece = await nextPiece(iterator, failure);
      isSilent = false;
      if (piece.text !== null) controller.enqueue(encoder.encode(piece.text));
      if (!piece.isLast) return;
      clearInterval(timer);
      controller.close();
    },
    cancel() {
      clearInterval(timer);
      // Not waited for: pieces that wait for a model end when the request's signal says so.
      void iterator.return?.().catch(() => {});
      void close().catch(() => {});
    },
  });
}

interface Piece {
  readonly text: string | null;
  readonly isLast: boolean;
}

async function nextPiece(iterator: AsyncIterator<string>, failure: StreamSigns['failure']): Promise<Piece> {
  try {
    const { done, value } = await iterator.next();
    return done === true ? { text: null, isLast: true } : { text: value, isLast: false };
  } catch (thrown) {
    return { text: failure(thrown), isLast: true };
  }
}
