import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { lorekeepCommand, outcomeOf } from './cli-process.ts';
import { chatLine, lastLine, sendLines, startFakeOllama } from './fake-ollama.ts';
import { startOllama } from './ollama-server.ts';

/** What test/e2e/no-network.test.ts has this script do, in a network namespace of its own. */
export interface LoopbackTask {
  readonly task: 'without a model' | 'with a made-up model' | 'with a real model' | 'leave';
  readonly folder: string;
  /** Words that run a command and watch it. */
  readonly watch: readonly string[];
  /** Where `leave` tries to connect to. */
  readonly address?: { readonly host: string; readonly port: number };
}

/** What it prints, as JSON. */
export interface LoopbackOutcome {
  readonly results: unknown;
  /** Packets that found no way out, of this script and all it has started. */
  readonly withoutRoute: number;
}

const question = 'how are passwords checked?';

async function lorekeep({ folder, watch }: LoopbackTask, ...words: string[]): Promise<unknown> {
  const [program, ...args] = [...watch, process.execPath, lorekeepCommand, ...words, '--json'];
  const { status, stdout, stderr } = await outcomeOf(spawn(program, args, { cwd: folder }));
  if (status !== 0) throw new Error(`lorekeep ${words.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

async function withoutModel(task: LoopbackTask): Promise<unknown> {
  return {
    index: await lorekeep(task, 'index'),
    search: await lorekeep(task, 'search', 'check a password against its stored hash'),
    ask: await lorekeep(task, 'ask', question, '--model-url', 'http://127.0.0.1:9'),
  };
}

async function withMadeUpModel(task: LoopbackTask): Promise<unknown> {
  const answer = [chatLine('In constant time [1].'), lastLine()];
  await using ollama = await startFakeOllama({ '/api/chat': (response) => sendLines(response, answer) });
  return { ask: await lorekeep(task, 'ask', question, '--model', 'tiny', '--model-url', ollama.url) };
}

async function withRealModel(task: LoopbackTask): Promise<unknown> {
  const ollama = await startOllama();
  const server = ['--model-url', ollama?.url ?? ''];
  try {
    return {
      index: await lorekeep(task, 'index', '--embedder', 'ollama:all-minilm', ...server),
      search: await lorekeep(task, 'search', question, ...server),
      ask: await lorekeep(task, 'ask', question, ...server),
    };
  } finally {
    await ollama?.stop();
  }
}

/** Tries to connect, as something that is watched; the status of that process is 0 when it got through. */
async function leave({ watch, address }: LoopbackTask): Promise<unknown> {
  const attempt = `const socket = require('node:net').connect(${address?.port}, '${address?.host}').resume();
    socket.on('error', () => process.exit(1));`;
  const [program, ...args] = [...watch, process.execPath, '-e', attempt];
  return (await outcomeOf(spawn(program, args))).status;
}

/** Packets that found no route since the namespace began. */
function packetsWithoutRoute(): number {
  const lines = readFileSync('/proc/net/snmp', 'utf8').split('\n');
  const [names = '', values = ''] = lines.filter((line) => line.startsWith('Ip:'));
  const ipv4 = Number(values.split(' ')[names.split(' ').indexOf('OutNoRoutes')]);
  const ipv6 = Number(/Ip6OutNoRoutes\s+(\d+)/.exec(readFileSync('/proc/net/snmp6', 'utf8'))?.[1] ?? 0);
  return ipv4 + ipv6;
}

const tasks: Readonly<Record<LoopbackTask['task'], (task: LoopbackTask) => Promise<unknown>>> = {
  'without a model': withoutModel,
  'with a made-up model': withMadeUpModel,
  'with a real model': withRealModel,
  leave,
};

const task = JSON.parse(process.argv[2] ?? '') as LoopbackTask;
const before = packetsWithoutRoute();
const results = await tasks[task.task](task);
const outcome: LoopbackOutcome = { results, withoutRoute: packetsWithoutRoute() - before };
process.stdout.write(JSON.stringify(outcome));
