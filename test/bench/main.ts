import { parseArgs } from 'node:util';
import { benchEmbed } from './bench-embed.ts';
import { benchFeatures } from './bench-features.ts';
import { benchIndex } from './bench-index.ts';
import { benchEmbedder } from './bench-embedder.ts';
import { benchRelevance } from './bench-relevance.ts';
import { benchRouter } from './bench-router.ts';
import { benchSearch } from './bench-search.ts';
import { benchLive } from './live/bench-live.ts';
import { benchScale } from './scale/bench-scale.ts';
import { benchLatency } from './service/bench-service-latency.ts';
import { benchOverload } from './service/bench-service-overload.ts';
import { benchRetrieval } from './service/bench-service-retrieval.ts';
import { benchThroughput } from './service/bench-service-throughput.ts';

const usage = `usage:
  npm run bench -- index <folder> [--json]
  npm run bench -- search <folder> --queries <jsonl> [--json]
  npm run bench -- relevance --queries <jsonl> --repos <folder> --out <run.jsonl> [--everything] [--embedder-alone] [--json]
  npm run bench -- embed <folder> [--json]
  npm run bench -- router --messages <jsonl> --repos <folder> [--out <signals.jsonl> --wording <jsonl>] [--json]
  npm run bench -- features --queries <jsonl> --repos <folder> --out <features.jsonl> [--json]
  npm run bench -- scale <folder> [--against zoekt-index=<path>] [--runs <n>] [--questions <n>] [--seed <n>] [--json]
Each of these also takes --embedder builtin|builtin:<dimensions>|none|ollama:<model>.
  npm run bench -- live <folder> [--chunks <n>] [--minutes <n>] [--every <milliseconds>] [--seed <n>] [--json]
This copies what it needs, starts \`lorekeep watch\` and saves files: how long it takes until a search finds what was saved.
  npm run bench -- latency [--pairs <n>] [--retrieve auto|never] [--json]
  npm run bench -- retrieval <folder> --queries <jsonl> [--json]
  npm run bench -- throughput [--seconds <n>] [--json]
  npm run bench -- overload [--minutes <n>] [--queue <n>] [--retrieve auto|never] [--json]
These start \`lorekeep serve\` and a stub of Ollama; --url, --key and --stub-port name a service that runs already, and the port on
which it expects its Ollama.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    queries: { type: 'string' },
    messages: { type: 'string' },
    wording: { type: 'string', default: 'test/relevance/router/wording.jsonl' },
    repos: { type: 'string' },
    out: { type: 'string' },
    everything: { type: 'boolean', default: false },
    embedder: { type: 'string', default: 'builtin' },
    'embedder-alone': { type: 'boolean', default: false },
    against: { type: 'string' },
    runs: { type: 'string', default: '3' },
    questions: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    pairs: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '10' },
    minutes: { type: 'string' },
    chunks: { type: 'string', default: '50000' },
    every: { type: 'string', default: '500' },
    queue: { type: 'string' },
    retrieve: { type: 'string', default: 'auto' },
    url: { type: 'string' },
    key: { type: 'string' },
    'stub-port': { type: 'string', default: '0' },
  },
});
const [command, folder] = positionals;

const retrieve = values.retrieve === 'never' ? 'never' : 'auto';
const service = { url: values.url, key: values.key, stubPort: amount(values['stub-port']) };

if (!/^(?:none|builtin(?::\d+)?|ollama:.+)$/.test(values.embedder))
  fail('--embedder is builtin, none or ollama:<model>');
if (command === 'index' && folder) await print(benchIndex(folder, values.embedder));
else if (command === 'embed' && folder) await print(benchEmbed(folder));
else if (command === 'search' && folder && values.queries) {
  await print(benchSearch({ folder, queries: values.queries, embedder: values.embedder }));
} else if (command === 'scale' && folder) {
  const { embedder, against } = values;
  const zoektIndex = against === undefined ? undefined : (/^zoekt-index=(.+)$/.exec(against)?.[1] ?? fail(usage));
  const [runs, questions, seed] = [amount(values.runs), amount(values.questions), amount(values.seed)];
  await print(benchScale({ folder, embedder, zoektIndex, runs, questions, seed }));
} else if (command === 'relevance' && values.queries && values.repos && values.out) {
  const { queries, repos, out, everything, embedder } = values;
  await print(benchRelevance({ queries, repos, out, everything, embedder, alone: values['embedder-alone'] }));
} else if (command === 'router' && values.messages && values.repos) {
  const { messages, repos, out, wording } = values;
  await print(benchRouter({ messages, repos, out, wording, embedder: benchEmbedder(values.embedder) }));
} else if (command === 'features' && values.queries && values.repos && values.out) {
  const embedder = benchEmbedder(values.embedder) ?? fail('features need an embedder');
  await print(benchFeatures({ queries: values.queries, repos: values.repos, out: values.out, embedder }));
} else if (command === 'live' && folder) {
  const [chunks, minutes] = [amount(values.chunks), amount(values.minutes ?? '10')];
  await print(benchLive({ folder, chunks, minutes, everyMs: amount(values.every), seed: amount(values.seed) }));
} else if (command === 'latency') {
  await print(benchLatency({ ...service, retrieve, pairs: amount(values.pairs) }));
} else if (command === 'retrieval' && folder && values.queries) {
  await print(benchRetrieval({ ...service, project: folder, queries: values.queries }));
} else if (command === 'throughput') {
  await print(benchThroughput({ ...service, seconds: amount(values.seconds) }));
} else if (command === 'overload') {
  const queueLength = values.queue === undefined ? undefined : amount(values.queue);
  await print(benchOverload({ ...service, retrieve, queueLength, minutes: amount(values.minutes ?? '5') }));
} else fail(usage);

async function print(report: Promise<Record<string, unknown>>): Promise<void> {
  const done = await report;
  if (values.json) console.log(JSON.stringify(done));
  else for (const [name, value] of Object.entries(done)) console.log(`${name.padEnd(22)} ${format(value)}`);
}

function amount(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : fail(`"${text}" is no amount`);
}

function format(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(3);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
