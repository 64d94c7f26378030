import type { ToolCall } from '../../core/gateway/model-server.ts';
import { asRecord, asRecords } from '../json-answer.ts';

interface PartialCall {
  id: string;
  name: string;
  text: string;
}

/** Collects the pieces of tool calls until they are whole. */
export class ToolCallCollector {
  readonly #calls: PartialCall[] = [];
  readonly #byIndex = new Map<number, PartialCall>();

  /** Takes the `tool_calls` of a piece of an answer. */
  add(deltas: unknown): void {
    for (const [place, delta] of asRecords(deltas).entries()) this.#addOne(delta, place);
  }

  /** The calls, and the names of those whose arguments break off or are no object. */
  finish(): { readonly calls: readonly ToolCall[]; readonly broken: readonly string[] } {
    const read = this.#calls.map((call, place) => ({ ...call, values: readArguments(call.text), place }));
    return {
      calls: read.flatMap(({ id, name, values, place }) =>
        values === null ? [] : [{ id: id === '' ? `call_${place}` : id, name, arguments: values }],
      ),
      broken: read.filter(({ values }) => values === null).map(({ name }) => name),
    };
  }

  #addOne(delta: Readonly<Record<string, unknown>>, place: number): void {
    const index = typeof delta['index'] === 'number' ? delta['index'] : place;
    const id = typeof delta['id'] === 'string' ? delta['id'] : '';
    const { name, arguments: given } = asRecord(delta['function']);
    const named = typeof name === 'string' ? name : '';
    let call = this.#byIndex.get(index);
    if (call === undefined || isAnother(call, id, named)) {
      call = { id, name: '', text: '' };
      this.#byIndex.set(index, call);
      this.#calls.push(call);
    }
    // Some servers repeat the name with each piece, and change the id: the first of both holds.
    if (call.name === '') call.name = named;
    if (call.id === '') call.id = id;
    if (typeof given === 'string') call.text += given;
    // Some send an object, as Ollama's own protocol does.
    else if (given !== undefined && given !== null) call.text = JSON.stringify(given);
  }
}

/** Some servers give every call the number 0: a new name and id behind whole arguments begin a new call. */
function isAnother(call: PartialCall, id: string, name: string): boolean {
  return name !== '' && id !== '' && id !== call.id && call.text !== '' && readArguments(call.text) !== null;
}

function readArguments(text: string): Readonly<Record<string, unknown>> | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? asRecord(value) : null;
  } catch {
    return null;
  }
}
