import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { watchFlags } from '../../config-indexing.ts';
import type { FlagValues } from '../../config.ts';
import type { WatchCommand, WatchEvent } from '../../verbs/watch/watch-events.ts';

/** What `lorekeep watch` in a process of its own takes. */
export interface WatchChildRequest {
  /** The program: what Node was started with. */
  readonly entry: string;
  /** Absolute paths of the folders to keep current. */
  readonly folders: readonly string[];
  /** Options as this process was given them; the environment is passed on as it is. */
  readonly flags: FlagValues;
  readonly onEvent: (event: WatchEvent) => void;
}

/** A process that keeps projects current. It ends when this one ends, however that ends. */
export interface WatchChild {
  send(command: WatchCommand): void;
  /** Resolves with how it ended and its last words, when it has. */
  readonly ended: Promise<string>;
  /** Asks it to end in order, ends it when it does not, and waits for the end. */
  stop(): Promise<void>;
}

/** How long a stopped process may take to leave its indexes in order, in milliseconds. */
const stopMs = 10_000;

/** Starts it with low priority, so that neither its work nor its memory is this process's. */
export function startWatchChild({ entry, folders, flags, onEvent }: WatchChildRequest): WatchChild {
  const projects = folders.flatMap((folder) => ['--project', folder]);
  const words = ['watch', '--json', '--commands', ...projects, ...watchFlags(flags)];
  // In a group of its own: Ctrl-C in a terminal is for this process, which ends that one when its requests have been answered.
  const child = spawn(process.execPath, [entry, ...words], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  lowerPriority(child);
  // Its input breaks when it dies; that it died is told by its end.
  child.stdin.on('error', () => undefined);
  const lastWords = followOutput(child, onEvent);
  const ended = endOf(child).then(async (end) => `${end}. ${await lastWords}`.trim());
  return {
    send: (command) => child.stdin.write(`${JSON.stringify(command)}\n`),
    ended,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A lower share of a busy processor, not none: an index must get current some time, also beside a model that never rests. */
function lowerPriority(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not allow it: then it runs like any other.
  }
}

/** Tells what it prints; resolves with the last line of it that was no event. */
async function followOutput({ stdout, stderr }: ChildProcess, onEvent: (event: WatchEvent) => void): Promise<string> {
  let lastWords = '';
  const follow = async (stream: NodeJS.ReadableStream | null): Promise<void> => {
    if (stream === null) return;
    for await (const line of createInterface({ input: stream })) {
      const event = stream === stdout ? parseEvent(line) : null;
      if (event !== null) onEvent(event);
      else if (line.trim() !== '' && !line.startsWith('{')) lastWords = line.slice(0, 500);
    }
  };
  await Promise.all([follow(stdout), follow(stderr)]);
  return lastWords;
}

/** How a process ended, in words. */
async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [status, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return by === null ? `status ${status}` : `signal ${by}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parseEvent(line: string): WatchEvent | null {
  try {
    const event = JSON.parse(line) as Partial<WatchEvent>;
    return typeof event.project === 'string' && typeof event.type === 'string' ? (event as WatchEvent) : null;
  } catch {
    return null;
  }
}
