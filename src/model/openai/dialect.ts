/** What kinds of OpenAI-compatible servers do otherwise than others. */
export interface Dialect {
  /** For people. */
  readonly name: string;
  /** What stands as the owner of a model in the server's list. */
  readonly owner: string;
  /** Options beyond the protocol that it takes, under Ollama's names. */
  readonly takes: readonly string[];
  /** How an answer is bound to JSON. */
  readonly json: 'json_object' | 'json_schema';
  /** How an answer is bound to a schema. */
  readonly schema: 'json_object' | 'json_schema';
  /** Whether `/completions` sends a prompt to the model without a template. */
  readonly isRaw: boolean;
  /** Whether `/completions` takes a suffix. */
  readonly fillsIn: boolean;
  /** Whether it answers for whatever model's name it is asked. */
  readonly takesAnyName: boolean;
}

const common = {
  json: 'json_object',
  schema: 'json_schema',
  isRaw: true,
  fillsIn: true,
  takesAnyName: false,
} as const;

const llamaCppOptions = [
  'top_k',
  'min_p',
  'typical_p',
  'repeat_penalty',
  'repeat_last_n',
  'mirostat',
  'mirostat_tau',
  'mirostat_eta',
];

const dialects: readonly Dialect[] = [
  { ...common, name: 'llama.cpp', owner: 'llamacpp', takes: llamaCppOptions, fillsIn: false, takesAnyName: true },
  {
    ...common,
    name: 'llama-cpp-python',
    owner: 'me',
    takes: ['top_k', 'min_p', 'repeat_penalty'],
    schema: 'json_object',
    takesAnyName: true,
  },
  { ...common, name: 'vLLM', owner: 'vllm', takes: ['top_k', 'min_p', 'repeat_penalty'], fillsIn: false },
  {
    ...common,
    name: 'LM Studio',
    owner: 'organization_owner',
    takes: ['top_k', 'min_p', 'repeat_penalty'],
    json: 'json_schema',
    fillsIn: false,
  },
  { ...common, name: 'Ollama', owner: 'library', takes: [], isRaw: false },
];

/** For a server of no known kind: what it takes cannot be told. */
export const unknownDialect: Dialect = {
  ...common,
  name: 'an unknown server',
  owner: '',
  takes: [],
  takesAnyName: true,
};

/** The kind of a server, by the owners that stand in its list of models. */
export function dialectOf(models: readonly Readonly<Record<string, unknown>>[]): Dialect {
  return dialects.find(({ owner }) => models.some((model) => model['owned_by'] === owner)) ?? unknownDialect;
}
