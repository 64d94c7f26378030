import { asRecord } from '../json-answer.ts';

/** A schema that a grammar can be made from, and the words of the given one that it does not hold an answer to. */
export interface GrammarSchema {
  readonly schema: object;
  readonly ignored: readonly string[];
}

/** Words whose values are schemas, lists of schemas, or schemas by name. */
const nested: Readonly<Record<string, 'one' | 'list' | 'named'>> = {
  items: 'one',
  additionalProperties: 'one',
  prefixItems: 'list',
  oneOf: 'list',
  properties: 'named',
  $defs: 'named',
};
const kept = new Set([
  'type',
  'required',
  'minProperties',
  'maxProperties',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'enum',
  'const',
  '$ref',
]);
/** Words that bind an answer to nothing. */
const told = new Set([
  'title',
  'description',
  'default',
  'examples',
  '$schema',
  '$id',
  '$comment',
  'strict',
  'deprecated',
]);
const knownFormats = new Set(['date-time', 'date', 'time']);
const otherWords: Readonly<Record<string, string>> = { anyOf: 'oneOf', definitions: '$defs' };

/** Leaves in a JSON Schema what node-llama-cpp makes grammars from. */
export function grammarSchema(given: object): GrammarSchema {
  const ignored: string[] = [];
  const schema = reduced(given, ignored);
  return { schema, ignored };
}

function reduced(given: unknown, ignored: string[]): object {
  const entries = Object.entries(asRecord(given)).flatMap(([word, value]): [string, unknown][] => {
    const name = otherWords[word] ?? word;
    if (told.has(name)) return [];
    const kind = nested[name];
    if (kind !== undefined) return [[name, reducedNested(value, kind, ignored)]];
    if (name === '$ref') return [[name, String(value).replace('#/definitions/', '#/$defs/')]];
    if (kept.has(name) || (name === 'format' && knownFormats.has(String(value)))) return [[name, value]];
    ignored.push(word);
    return [];
  });
  return Object.fromEntries(entries);
}

function reducedNested(value: unknown, kind: 'one' | 'list' | 'named', ignored: string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (kind === 'one') return reduced(value, ignored);
  if (kind === 'list') return Object.values(value).map((item) => reduced(item, ignored));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, reduced(item, ignored)]));
}
