import { ServiceError } from '../../core/errors.ts';

/** A Modelfile as written: paths and names are not looked up yet. */
export interface Modelfile {
  readonly from: readonly string[];
  readonly adapters: readonly string[];
  readonly quantize: string | null;
  readonly template: string | null;
  readonly system: string | null;
  readonly licenses: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly messages: readonly { readonly role: Role; readonly content: string }[];
}

type Role = 'system' | 'user' | 'assistant';

interface Instruction {
  /** Lower case. */
  readonly name: string;
  /** Name of a parameter, role of a message, else ''. */
  readonly head: string;
  readonly value: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

const instructionNames = ['from', 'adapter', 'quantize', 'template', 'system', 'license', 'parameter', 'message'];
const roles: ReadonlySet<string> = new Set(['system', 'user', 'assistant']);

/**
 * Reads a Modelfile as Ollama does: names in any case, `#` begins a comment line, a value ends with its line unless it stands
 * in "…" or """…""". `QUANTIZE q4_K_M` is ours. Errors: `request_invalid`, naming the line.
 */
export function parseModelfile(text: string): Modelfile {
  const instructions = readInstructions(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
  const all = (name: string): string[] => instructions.filter((one) => one.name === name).map(({ value }) => value);
  const last = (name: string): string | null => all(name).at(-1) ?? null;
  const from = all('from');
  if (from.length === 0)
    throw new ServiceError('request_invalid', 'The Modelfile has no FROM line: it names what to start from.');
  return {
    from,
    adapters: all('adapter'),
    quantize: last('quantize'),
    template: last('template'),
    system: last('system'),
    licenses: all('license'),
    parameters: parametersOf(instructions.filter(({ name }) => name === 'parameter')),
    messages: instructions.filter(({ name }) => name === 'message').map(messageOf),
  };
}

function readInstructions(text: string): readonly Instruction[] {
  const instructions: Instruction[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]?.trim() ?? '';
    if (line === '' || line.startsWith('#')) continue;
    const number = index + 1;
    const [word, afterWord] = splitWord(line);
    const name = word.toLowerCase();
    if (!instructionNames.includes(name)) {
      const known = instructionNames.map((one) => one.toUpperCase()).join(', ');
      throw wrongLine(number, `"${word}" is no instruction. There are ${known}`);
    }
    const [head, first] = name === 'parameter' || name === 'message' ? splitWord(afterWord) : ['', afterWord];
    const { value, last } = readValue(lines, index, first);
    if (value === '' && name !== 'system' && name !== 'template') throw wrongLine(number, `${word} needs a value`);
    instructions.push({ name, head, value, line: number });
    index = last;
  }
  return instructions;
}

function splitWord(text: string): readonly [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*([^]*)$/.exec(text) ?? [];
  return [word, rest];
}

/** The value that begins with `first` on a line, and the index of the line it ends on. */
function readValue(
  lines: readonly string[],
  index: number,
  first: string,
): { readonly value: string; readonly last: number } {
  const quote = /^("""|")/.exec(first)?.[0];
  if (quote === undefined) return { value: first, last: index };
  let value = first;
  for (let last = index; ; last++) {
    if (last > index) value += `\n${lines[last]}`;
    const trimmed = value.trimEnd();
    if (trimmed.length >= 2 * quote.length && trimmed.endsWith(quote))
      return { value: trimmed.slice(quote.length, -quote.length), last };
    if (last + 1 >= lines.length) throw wrongLine(index + 1, `the text that ${quote} begins does not end`);
  }
}

function messageOf({ head, value, line }: Instruction): { readonly role: Role; readonly content: string } {
  if (roles.has(head)) return { role: head as Role, content: value };
  throw wrongLine(line, `"${head}" is no role: write MESSAGE system, user or assistant, then the text`);
}

/** Parameters whose text is one, or is a number only by chance. */
const textParameters = new Set(['stop']);

function parametersOf(instructions: readonly Instruction[]): Readonly<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {};
  for (const { head, value, line } of instructions) {
    if (!/^\w+$/.test(head)) throw wrongLine(line, 'PARAMETER needs a name and a value');
    if (textParameters.has(head)) parameters[head] = [...((parameters[head] as string[] | undefined) ?? []), value];
    else parameters[head] = typed(value);
  }
  return parameters;
}

/** Numbers and truth values as such; whether they fit the parameter, the server says. */
function typed(value: string): unknown {
  if (/^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) return Number(value);
  return value === 'true' || value === 'false' ? value === 'true' : value;
}

function wrongLine(line: number, problem: string): ServiceError {
  return new ServiceError('request_invalid', `Line ${line} of the Modelfile: ${problem}.`);
}
