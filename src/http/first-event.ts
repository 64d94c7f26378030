/** A stream of events whose first one has come, or is late. */
export interface StartedEvents<Event> {
  /** True when the first event, or the end, has come in time; an error that came in time was thrown. */
  readonly hasBegun: boolean;
  /** All events, the first among them. */
  readonly events: AsyncIterable<Event>;
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
    return { hasBegun, events: { [Symbol.asyncIterator]: () => resumed(iterator, first) } };
  } finally {
    clearTimeout(timer);
  }
}

async function* resumed<Event>(
  iterator: AsyncIterator<Event>,
  first: Promise<IteratorResult<Event>>,
): AsyncGenerator<Event> {
  try {
    for (let next = await first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
