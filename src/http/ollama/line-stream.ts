/** What a stream of lines is made of. */
export interface LineSource<Event> {
  readonly events: AsyncIterable<Event>;
  /** The object that is sent for an event. */
  readonly print: (event: Event) => object;
  /** The last line of a stream that cannot go on. */
  readonly printError: (error: unknown) => object;
  /** What is sent when nothing else was for `silenceMs`. */
  readonly printSilence: () => object;
  /** Milliseconds. */
  readonly silenceMs: number;
  /** Sends a line at once: the first event is late already. */
  readonly startsSilent: boolean;
}

/**
 * Events as JSON lines (`application/x-ndjson`). Reads on only as the client does; an error becomes the last line; a client that goes away
 * ends the events. Silence is broken by a line that says nothing, since clients and proxies give up on a quiet connection.
 */
export function lineStream<Event>(source: LineSource<Event>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = source.events[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  const end = (): void => {
    isOpen = false;
    clearInterval(timer);
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const breakSilence = (): void => {
        // A client that does not read what is there already needs no more.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(lineOf(source.printSilence())));
      };
      if (source.startsSilent) breakSilence();
      timer = setInterval(breakSilence, source.silenceMs);
    },
    async pull(controller) {
      const line = await nextLine(iterator, source);
      timer?.refresh();
      // The client may have gone while the line was waited for.
      if (!isOpen) return;
      if (line.text !== null) controller.enqueue(encoder.encode(line.text));
      if (!line.isLast) return;
      end();
      controller.close();
    },
    async cancel() {
      end();
      await iterator.return?.();
    },
  });
}

async function nextLine<Event>(
  iterator: AsyncIterator<Event>,
  source: LineSource<Event>,
): Promise<{ readonly text: string | null; readonly isLast: boolean }> {
  try {
    const next = await iterator.next();
    if (next.done === true) return { text: null, isLast: true };
    return { text: lineOf(source.print(next.value)), isLast: false };
  } catch (error) {
    // Where an event could not be printed its source still waits to be read on.
    await iterator.return?.();
    return { text: lineOf(source.printError(error)), isLast: true };
  }
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
