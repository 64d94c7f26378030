/** A request that Ollama and Lorekeep are both sent. */
export interface CorpusRequest {
  readonly method: string;
  readonly path: string;
  /** Undefined for none; text is sent as it is. */
  readonly body?: object | string;
  /** Sent first, each time, so that both find the same. */
  readonly before?: CorpusRequest;
  /** Where Lorekeep refuses on purpose what Ollama does not, or in another way: why, and with which status. */
  readonly differs?: { readonly why: string; readonly status: number };
  /** What Lorekeep's answer says more on purpose, as it is printed in a shape, and why. */
  readonly adds?: { readonly why: string; readonly text: string };
}

const model = 'smollm2:135m';
const embedder = 'all-minilm';
const options = { num_predict: 4, seed: 7, temperature: 0 };
const messages = [{ role: 'user', content: 'Say hello.' }];
const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
const parameters = { type: 'object', properties: { path: { type: 'string', description: 'x' } }, required: ['path'] };
const tools = [{ type: 'function', function: { name: 'read', description: 'Reads a file.', parameters } }];
const called = {
  role: 'assistant',
  content: '',
  tool_calls: [{ function: { name: 'read', arguments: { path: 'a' } } }],
};
const zeroDigest = `sha256:${'0'.repeat(64)}`;
const abcDigest = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const created = { model: 'created:1', from: model, parameters: { temperature: 0.5 } };
const copy = { method: 'POST', path: '/api/copy', body: { source: model, destination: 'copied:1' } };

const get = (path: string, method = 'GET'): CorpusRequest => ({ method, path });
const post = (path: string, body?: object | string, more: Partial<CorpusRequest> = {}): CorpusRequest => ({
  method: 'POST',
  path,
  ...(body === undefined ? {} : { body }),
  ...more,
});
const generate = (body: object, differs?: CorpusRequest['differs']): CorpusRequest =>
  post('/api/generate', { model, prompt: 'Say hello.', options, ...body }, differs === undefined ? {} : { differs });
const chat = (body: object, differs?: CorpusRequest['differs']): CorpusRequest =>
  post('/api/chat', { model, messages, options, ...body }, differs === undefined ? {} : { differs });
const embed = (body: object): CorpusRequest => post('/api/embed', { model: embedder, ...body });

const callersMistake = { why: "A wrong value is the caller's mistake, and no failure of the server.", status: 400 };
const earlyError = { why: 'What is known to be wrong before anything is sent is told by the status.', status: 400 };
const errorForText = { why: 'Clients look for `error` in the JSON of an answer that is no success.', status: 404 };
const basename = {
  why: 'Copilot Chat reads it of every model, and not every file has it.',
  text: ', general.basename: string',
};

/** Every route: right and wrong, streamed and not. */
export const corpus: readonly CorpusRequest[] = [
  get('/'),
  get('/', 'HEAD'),
  get('/api/version'),
  get('/api/version', 'HEAD'),
  get('/api/tags'),
  get('/api/tags', 'HEAD'),
  post('/api/tags', {}),
  get('/api/ps'),
  get('/api/ps', 'HEAD'),
  get('/api/chat'),
  get('/api/embed', 'PUT'),
  post('/api/delete', {}),
  get(`/api/blobs/${zeroDigest}`),

  post('/api/show', { model }),
  post('/api/show', { name: embedder }, { adds: basename }),
  post('/api/show', { model, verbose: true }),
  post('/api/show', {}),
  post('/api/show', { model: 'nope' }),
  post('/api/show', { model: 5 }),
  post('/api/show', ''),

  generate({}),
  generate({ stream: false }),
  generate({ stream: false, raw: true }),
  generate({ raw: true }),
  generate({ stream: false, system: 'Be short.', template: '{{ .System }} {{ .Prompt }}' }),
  generate({ stream: false, context: [1, 4093, 198] }),
  generate({ stream: false, format: schema, options: { ...options, num_predict: 40 } }),
  generate({ format: 'json' }),
  generate({ stream: false, format: '', think: false, keep_alive: '5m', images: null, context: null, suffix: '' }),
  generate({ stream: false, options: { ...options, unheard_of: 1, num_predict: 2.7, top_k: null } }),
  generate({ images: ['aGk='], stream: false }),
  post('/api/generate', { model }),
  post('/api/generate', { model, keep_alive: 0 }),
  post('/api/generate', { model, prompt: '', stream: false }),
  post('/api/generate', {}),
  post('/api/generate', ''),
  post('/api/generate', '{'),
  post('/api/generate', '[]'),
  post('/api/generate', 'null', { differs: { why: 'null is no request.', status: 400 } }),
  generate({ model: 'nope' }),
  generate({ model: embedder }),
  generate({ suffix: 'b' }),
  generate({ prompt: 3 }),
  generate({ stream: 'no' }),
  generate({ raw: true, system: 'x' }),
  generate({ think: true }),
  generate({ think: 'high' }),
  generate({ think: 'perhaps' }),
  generate({ keep_alive: 'soon' }),
  generate({ images: ['!'] }),
  generate({ context: ['a'] }),
  generate({ options: { temperature: 'hot' } }, callersMistake),
  generate({ options: { stop: 'x' } }, callersMistake),
  generate({ format: 'xml' }, earlyError),
  generate({ format: 7 }, earlyError),

  chat({}),
  chat({ stream: false }),
  chat({ stream: false, format: schema, options: { ...options, num_predict: 40 } }),
  chat({ stream: false, tools: null, format: '', messages: [{ role: 'user', content: null }] }),
  chat({ tools: [] }),
  chat({ stream: false, messages: [...messages, called, { role: 'tool', content: 'b', tool_name: 'read' }] }),
  chat({ stream: false, messages: [{ content: 'hi' }] }),
  chat({ messages: [] }),
  chat({ messages: [], keep_alive: 0 }),
  post('/api/chat', {}),
  chat({ model: 'nope' }),
  chat({ model: embedder }),
  chat({ tools }),
  chat({ tools: 'x' }),
  chat({ tools: [5] }),
  chat({ messages: 'hi' }),
  chat({ messages: [{ role: 'user', content: 5 }] }),
  chat({ messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] }),
  chat({ messages: [{ ...called, tool_calls: [{ function: { name: 'read', arguments: '{}' } }] }] }),
  chat({ messages: [{ role: 'user', content: 'hi', images: ['!'] }] }),
  chat({ think: true }),
  chat(
    { stream: false, messages: [{ role: 'wizard', content: 'hi' }] },
    { why: 'Most templates drop a message of a role that they do not know, without a word.', status: 400 },
  ),

  embed({ input: 'hi' }),
  embed({ input: ['hi', 'ho'] }),
  embed({ input: '' }),
  embed({ input: [] }),
  embed({}),
  embed({ input: 5 }),
  embed({ input: ['hi', 5] }),
  embed({ input: 'word '.repeat(900), truncate: false }),
  embed({ input: 'hi', model: 'nope' }),
  post('/api/embed', {}),
  post('/api/embeddings', { model: embedder, prompt: 'hi' }),
  post('/api/embeddings', { model: embedder }),
  post('/api/embeddings', { model: 'nope', prompt: 'hi' }),
  post('/api/embeddings', {}),
  post('/api/embeddings', { model: embedder, prompt: ['hi'] }),

  copy,
  post('/api/copy', { source: 'nope', destination: 'x' }),
  post('/api/copy', {}),
  { method: 'DELETE', path: '/api/delete', body: { model: 'copied:1' }, before: copy },
  { method: 'DELETE', path: '/api/delete', body: { model: 'nope' } },
  { method: 'DELETE', path: '/api/delete', body: {} },
  post('/api/create', created, { before: post('/api/create', created) }),
  post('/api/create', { model: 'created:1', from: model, stream: false }),
  post('/api/create', {}),
  post('/api/create', { model: 'created:2', from: model, quantize: 'q4_K_M' }),
  post(`/api/blobs/${zeroDigest}`, 'abc'),
  post(`/api/blobs/${abcDigest}`, 'abc', { before: post(`/api/blobs/${abcDigest}`, 'abc') }),
  get(`/api/blobs/${abcDigest}`, 'HEAD'),
  get(`/api/blobs/${zeroDigest}`, 'HEAD'),
  get('/api/blobs/x', 'HEAD'),
  post('/api/pull', {}),
  post(
    '/api/push',
    {},
    { differs: { why: 'Nothing leaves the machine, so no model is sent to a registry.', status: 403 } },
  ),
  { ...get('/api/nothing-here'), differs: errorForText },
];
