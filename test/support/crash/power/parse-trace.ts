import { join } from 'node:path';
import type { DiskCall, TraceEntry } from './disk-call.ts';

/** A call with its arguments as strace prints them, without the process number. */
interface Call {
  readonly name: string;
  readonly args: readonly string[];
  /** Null for a call that failed. */
  readonly result: { readonly value: number; readonly path: string | null } | null;
}

/** Reads what strace has written with `-f -y -xx`: the calls on files in `folder`, and what was said on standard output. */
export function parseTrace(trace: string, folder: string): TraceEntry[] {
  const unfinished = new Map<string, string>();
  const entries: TraceEntry[] = [];
  for (const line of trace.split('\n')) {
    const whole = wholeCall(line, unfinished);
    if (whole === null) continue;
    const call = parseCall(whole);
    if (call === null || call.result === null) continue;
    const entry = entryOf(call, folder);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

/** Calls of several threads overlap: the line where one ends has what the line where it began lacks. */
function wholeCall(line: string, unfinished: Map<string, string>): string | null {
  const [, thread, rest] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
  if (thread === undefined || rest === undefined) return null;
  const begun = /^(.*?)\s*<unfinished \.\.\.>$/.exec(rest)?.[1];
  if (begun !== undefined) {
    unfinished.set(thread, begun);
    return null;
  }
  const ended = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
  return ended === undefined ? rest : `${unfinished.get(thread) ?? ''}${ended}`;
}

function parseCall(text: string): Call | null {
  const [, name, args, value, path] = /^(\w+)\((.*)\)\s+= (-?\d+)(?:<(.*)>)?/.exec(text) ?? [];
  if (name === undefined || args === undefined) return null;
  const result = Number(value) < 0 ? null : { value: Number(value), path: path === undefined ? null : decoded(path) };
  return { name, args: splitArguments(args), result };
}

/** At commas outside quotation marks and brackets. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if ('[{('.includes(sign)) depth++;
    else if (']})'.includes(sign)) depth--;
    else if (sign === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}

const decoded = (hex: string): string => bytesOf(hex).toString();

/** `\x61\x62`, with or without quotation marks. */
function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\\x|"/g, ''), 'hex');
}

/** `12<path>` or `AT_FDCWD<path>`. */
function described(argument: string): { readonly fd: number; readonly path: string } {
  const [, fd, path] = /^(\w+)<(.*)>$/.exec(argument) ?? [];
  return { fd: Number(fd), path: path === undefined ? '' : decoded(path) };
}

/** A path argument, relative to the folder argument before it where there is one. */
function pathAt(folder: string | undefined, path: string | undefined): string {
  const named = decoded(path ?? '');
  return folder === undefined || named.startsWith('/') ? named : join(described(folder).path, named);
}

function entryOf(call: Call, folder: string): TraceEntry | null {
  const { name, args } = call;
  if (name === 'write' && described(args[0]!).fd === 1) return { said: bytesOf(args[1]!).toString() };
  const entry = diskCall(call);
  if (entry === 'unknown') {
    if (args.some((argument) => argument.includes(hexOf(folder)))) throw new Error(`${name} is not known here.`);
    return null;
  }
  const paths = ['path' in entry ? entry.path : '', 'from' in entry ? entry.from : ''];
  return entry.call === 'seek' || paths.some((path) => path === folder || path.startsWith(`${folder}/`)) ? entry : null;
}

function hexOf(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

function diskCall({ name, args, result }: Call): DiskCall | 'unknown' {
  const [first = '', second = '', third = '', fourth = ''] = args;
  switch (name) {
    case 'open':
    case 'openat': {
      const path = name === 'open' ? pathAt(undefined, first) : pathAt(first, second);
      const flags = name === 'open' ? second : third;
      if (flags.includes('O_APPEND') && flags.includes('O_CREAT')) return 'unknown';
      const has = (flag: string): boolean => flags.includes(flag);
      return { call: 'open', path, fd: result!.value, creates: has('O_CREAT'), truncates: has('O_TRUNC') };
    }
    case 'lseek':
      return { call: 'seek', fd: described(first).fd, at: result!.value };
    case 'write':
    case 'pwrite64': {
      const bytes = bytesOf(second).subarray(0, result!.value);
      return { call: 'write', ...described(first), at: name === 'write' ? null : Number(fourth), bytes };
    }
    case 'writev':
    case 'pwritev':
    case 'pwritev2': {
      const parts = [...second.matchAll(/iov_base="([^"]*)"/g)].map(([, hex]) => bytesOf(hex!));
      const bytes = Buffer.concat(parts).subarray(0, result!.value);
      return { call: 'write', ...described(first), at: name === 'writev' ? null : Number(fourth), bytes };
    }
    case 'ftruncate':
      return { call: 'truncate', path: described(first).path, length: Number(second) };
    case 'fsync':
    case 'fdatasync':
      return { call: 'sync', path: described(first).path };
    case 'rename':
    case 'link':
      return { call: name, from: pathAt(undefined, first), to: pathAt(undefined, second) };
    case 'renameat':
    case 'renameat2':
    case 'linkat':
      return { call: name === 'linkat' ? 'link' : 'rename', from: pathAt(first, second), to: pathAt(third, fourth) };
    case 'unlink':
    case 'rmdir':
      return { call: 'remove', path: pathAt(undefined, first) };
    case 'unlinkat':
      return { call: 'remove', path: pathAt(first, second) };
    case 'mkdir':
      return { call: 'mkdir', path: pathAt(undefined, first) };
    case 'mkdirat':
      return { call: 'mkdir', path: pathAt(first, second) };
    default:
      return 'unknown';
  }
}
