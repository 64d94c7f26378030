import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { outcomeOf } from './cli-process.ts';
import { chatLine, lastLine, sendLines, startFakeOllama } from './fake-ollama.ts';

/** To be run in a network namespace that has only loopback; prints what came out and how many packets found no route. */
const [task, folder = ''] = process.argv.slice(2);
const entry = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

async function lorekeep(...words: string[]): Promise<unknown> {
  const child = spawn(process.execPath, [entry, ...words, '--json'], { cwd: folder });
  const { status, stdout, stderr } = await outcomeOf(child);
  if (status !== 0) throw new Error(`lorekeep ${words.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

async function wholeJob(): Promise<Record<string, unknown>> {
  const answer = [chatLine('In constant time [1].'), lastLine()];
  await using ollama = await startFakeOllama({ '/api/chat': (response) => sendLines(response, answer) });
  return {
    index: await lorekeep('index'),
    search: await lorekeep('search', 'check a password against its stored hash', '--limit', '1'),
    evidence: await lorekeep('ask', 'how are passwords checked?', '--model-url', 'http://127.0.0.1:9'),
    generated: await lorekeep('ask', 'how are passwords checked?', '--model', 'tiny', '--model-url', ollama.url),
  };
}

/** An address reserved for documentation (RFC 5737). */
function attempt(): Promise<void> {
  return new Promise((resolve) => connect(80, '192.0.2.1').once('error', () => resolve()));
}

/** Packets that found no route since the namespace began. */
function withoutRoute(): number {
  const [names = '', values = ''] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Ip:'));
  const ipv4 = Number(values.split(' ')[names.split(' ').indexOf('OutNoRoutes')]);
  const ipv6 = Number(/Ip6OutNoRoutes\s+(\d+)/.exec(readFileSync('/proc/net/snmp6', 'utf8'))?.[1] ?? 0);
  return ipv4 + ipv6;
}

spawnSync('ip', ['link', 'set', 'lo', 'up']);
const before = withoutRoute();
const results = task === 'attempt' ? await attempt() : await wholeJob();
process.stdout.write(JSON.stringify({ attempts: withoutRoute() - before, results }));
