import { ServiceError, toServiceError } from '../../core/errors.ts';
import type { ModelInfo, ModelServer } from '../../core/gateway/model-server.ts';

/** The servers by the beginnings of the names of their models; `ollama` has all other names. */
export const modelPrefixes = { openai: 'openai:', gguf: 'gguf:' } as const;

export type ServerName = 'ollama' | keyof typeof modelPrefixes;

/** Opens a server when it is first asked. */
export type OpenServer = () => ModelServer | Promise<ModelServer>;

export interface RoutedOptions extends Readonly<Record<ServerName, OpenServer>> {
  /** Told why the models of a server are missing in a list. */
  readonly report: (server: ServerName, problem: ServiceError) => void;
}

/**
 * One server out of three: `openai:<model>` goes to the OpenAI-compatible server, `gguf:<absolute path>` to a file, every other
 * name to Ollama. A list of models has those of every server that answers; it fails only where none does, with what Ollama said.
 */
export function routedServer(options: RoutedOptions): Required<ModelServer> {
  const servers = openedOnce(options);
  const at = async (model: string) => {
    const name = serverOf(model);
    return { server: await servers.open(name), name, model: model.slice(prefixOf(name).length) };
  };
  return {
    models: (signal) => mergedModels(servers, options.report, signal),
    async describe(model, signal) {
      const target = await at(model);
      return renamed(target.name)(await target.server.describe(target.model, signal));
    },
    async tokenCounter(model, signal) {
      const target = await at(model);
      return await target.server.tokenCounter(target.model, signal);
    },
    async *chat(call, signal) {
      const { server, model } = await at(call.model);
      yield* server.chat({ ...call, model }, signal);
    },
    async *complete(call, signal) {
      const { server, model } = await at(call.model);
      yield* server.complete({ ...call, model }, signal);
    },
    async embed(call, signal) {
      const { server, model } = await at(call.model);
      return await server.embed({ ...call, model }, signal);
    },
    async forward(request, signal) {
      const ollama = await servers.open('ollama');
      if (ollama.forward !== undefined) return await ollama.forward(request, signal);
      throw new ServiceError('request_invalid', 'No Ollama server is in use that the request could be passed on to.');
    },
    close: () => servers.close(),
  };
}

interface OpenedServers {
  open(name: ServerName): Promise<ModelServer>;
  /** Closes what was opened. */
  close(): Promise<void>;
}

function openedOnce(options: RoutedOptions): OpenedServers {
  const opened = new Map<ServerName, Promise<ModelServer>>();
  return {
    async open(name) {
      const known = opened.get(name);
      if (known !== undefined) return await known;
      const opening = (async () => await options[name]())();
      opened.set(name, opening);
      // What was wrong with it may be put right.
      opening.catch(() => opened.delete(name));
      return await opening;
    },
    async close() {
      const servers = await Promise.allSettled(opened.values());
      for (const server of servers) if (server.status === 'fulfilled') await server.value.close?.();
    },
  };
}

async function mergedModels(
  servers: OpenedServers,
  report: RoutedOptions['report'],
  signal: AbortSignal | undefined,
): Promise<readonly ModelInfo[]> {
  const asked = serverNames.map(async (name) => (await (await servers.open(name)).models(signal)).map(renamed(name)));
  const answers = await Promise.allSettled(asked);
  const models = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const problems = answers.map((answer) => (answer.status === 'rejected' ? toServiceError(answer.reason) : null));
  const aborted = problems.find((problem) => problem?.code === 'aborted');
  const fatal = aborted ?? (models.length === 0 ? problems[0] : null);
  if (fatal !== null && fatal !== undefined) throw fatal;
  for (const [place, name] of serverNames.entries()) {
    const problem = problems[place] ?? null;
    if (problem !== null) report(name, problem);
  }
  return models;
}

const serverNames: readonly ServerName[] = ['ollama', 'openai', 'gguf'];

function serverOf(model: string): ServerName {
  return serverNames.find((name) => name !== 'ollama' && model.startsWith(prefixOf(name))) ?? 'ollama';
}

function prefixOf(name: ServerName): string {
  return name === 'ollama' ? '' : modelPrefixes[name];
}

function renamed(server: ServerName): (info: ModelInfo) => ModelInfo {
  return (info) => ({ ...info, name: prefixOf(server) + info.name });
}
