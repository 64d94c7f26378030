import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { stubModel } from './stub-ollama.ts';

/** Where requests go. */
export interface Target {
  readonly url: string;
  /** Null where none is wanted. */
  readonly key: string | null;
  /** `auto` has the service decide whether a question needs code; the questions of these benches never do. */
  readonly retrieve?: 'auto' | 'never';
}

/** What came back for one request. */
export interface Reply {
  readonly status: number;
  readonly ms: number;
  readonly hasRetryAfter: boolean;
}

/** Sends requests over connections that are kept. */
export interface LoadClient {
  /** Asks once; `id` makes the question differ from the others. Status 0 when the connection failed. */
  ask(id: number): Promise<Reply>;
  close(): void;
}

/** A client of a target; `connections` are open at most. */
export function loadClient({ url, key, retrieve = 'auto' }: Target, connections: number): LoadClient {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connections,
    maxFreeSockets: connections,
    scheduling: 'fifo',
  });
  const { hostname, port } = new URL(url);
  const headers = {
    'content-type': 'application/json',
    'x-lorekeep-retrieve': retrieve,
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  };

  function ask(id: number): Promise<Reply> {
    const body = Buffer.from(
      JSON.stringify({ model: stubModel, prompt: `用Go实现一个快速排序算法 (${id})`, stream: false }),
    );
    const start = performance.now();
    return new Promise((resolve) => {
      const finish = (status: number, hasRetryAfter: boolean): void =>
        resolve({ status, ms: performance.now() - start, hasRetryAfter });
      const sent = request(
        {
          agent,
          hostname,
          port,
          path: '/api/generate',
          method: 'POST',
          headers: { ...headers, 'content-length': body.length },
        },
        (response) => {
          response.resume();
          response.once('end', () => finish(response.statusCode ?? 0, response.headers['retry-after'] !== undefined));
          response.once('error', () => finish(0, false));
        },
      );
      sent.once('error', () => finish(0, false));
      sent.end(body);
    });
  }

  return { ask, close: () => agent.destroy() };
}

/** Some clients that each ask again as soon as they have an answer. */
export async function closedLoop(
  client: LoadClient,
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  const end = performance.now() + seconds * 1_000;
  let id = 0;
  const work = async (): Promise<void> => {
    while (performance.now() < end) replies.push(await client.ask(id++));
  };
  await Promise.all(Array.from({ length: clients }, work));
  return replies;
}

/** Requests at a steady rate, whether or not there are answers. Waits for the last ones. */
export async function openLoop(
  client: LoadClient,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  const running = new Set<Promise<void>>();
  const start = performance.now();
  for (let sent = 0; performance.now() - start < seconds * 1_000;) {
    const due = Math.floor(((performance.now() - start) / 1_000) * perSecond);
    for (; sent < due; sent++) {
      const asked = client.ask(sent).then((reply) => {
        replies.push(reply);
        running.delete(asked);
      });
      running.add(asked);
    }
    await wait(5);
  }
  await Promise.all(running);
  return replies;
}

/** How many replies had each status. */
export function statusesOf(replies: readonly Reply[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(replies, ({ status }) => status)].map(([status, all]) => [status, all.length]),
  );
}
