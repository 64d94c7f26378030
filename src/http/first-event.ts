/** A stream of events whose first one has come, or is late. */
export interface StartedEvents<Event> {
  /** True when the first event, or the end, has come in time; an error that came in time was thrown. */
  readonly hasBegun: boolean;
  /** All events, the first among them; to be read once. */
  readonly events: AsyncIterable<Event>;
  /** Ends the source, also where nobody has read anything of it yet. */
  readonly close: () => Promise<void>;
}

/**
 * Waits for the first event, so that what fails before it is told with its own status; but not longer than `waitMs`, since some clients
 * give up when no head of an answer comes.
 */
export async function startEvents<Event>(events: AsyncIterable<Event>, waitMs: number): Promise<StartedEvents<Event>> {
  const iterator = events[Symbol.asyncIterator]();
  const first = iterator.next();
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), waitMs);
  try {
    const hasBegun = (await Promise.race([first, late.promise])) !== 'late';
    const rest = resumed(iterator, first);
    return {
      hasBegun,
      events: { [Symbol.asyncIterator]: () => rest },
      close: async () => void (await rest.return?.()),
    };
  } finally {
    clearTimeout(timer);
  }
}

/** No generator: one that nobody has read yet would not pass on that it is left. */
function resumed<Event>(iterator: AsyncIterator<Event>, first: Promise<IteratorResult<Event>>): AsyncIterator<Event> {
  let isFirst = true;
  return {
    next: () => {
      if (!isFirst) return iterator.next();
      isFirst = false;
      return first;
    },
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
}
