import type { ModelEndpoint } from '../allowed-host.ts';
import { brokenLine, maxLineBytes } from '../json-answer.ts';

/** An event as a server sends it. */
export interface StreamEvent {
  /** `message` where the server names none. */
  readonly name: string;
  /** Lines joined with a line feed. */
  readonly data: string;
}

/**
 * The server-sent events of an answer, as they arrive. Throws `model_unavailable` for one that is longer than any piece of an
 * answer.
 */
export async function* readEventStream(
  chunks: AsyncIterable<Uint8Array>,
  endpoint: ModelEndpoint,
): AsyncGenerator<StreamEvent> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    yield* parser.push(decoder.decode(chunk, { stream: true }));
    if (parser.heldCharacters > maxLineBytes) throw brokenLine(endpoint);
  }
  // Some servers leave out the empty line behind their last event.
  yield* parser.push(`${decoder.decode()}\n\n`);
}

/** Cuts text into events, wherever the pieces of text begin and end. */
export class EventParser {
  #rest = '';
  #name = '';
  #data: string[] = [];
  #dataCharacters = 0;

  /** Characters of an event that is not complete. */
  get heldCharacters(): number {
    return this.#rest.length + this.#dataCharacters;
  }

  /** Takes the next piece of text and gives the events that it completes. */
  push(text: string): readonly StreamEvent[] {
    const all = this.#rest + text;
    // A carriage return at the very end may be half of a line end.
    const held = all.endsWith('\r') ? '\r' : '';
    const lines = all.slice(0, all.length - held.length).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + held;
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): StreamEvent | null {
    if (line === '') return this.#complete();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'event') this.#name = value;
    // Older llama.cpp servers send an error as a field of that name.
    if (field === 'error') this.#name = 'error';
    if (field === 'data' || field === 'error') {
      this.#data.push(value);
      this.#dataCharacters += value.length;
    }
    return null;
  }

  #complete(): StreamEvent | null {
    const event = this.#data.length === 0 ? null : { name: this.#name || 'message', data: this.#data.join('\n') };
    this.#name = '';
    this.#data = [];
    this.#dataCharacters = 0;
    return event;
  }
}
