import type { ModelInfo } from '../../core/gateway/model-server.ts';
import type { OllamaObject } from './model-entry.ts';
import { tagEntry, textOf } from './model-entry.ts';

/** What a list of models is made from. */
export interface ListedModels {
  /** Entries as Ollama gave them. */
  readonly entries: readonly OllamaObject[];
  /** Every model that can be asked for, aliases too. */
  readonly known: readonly ModelInfo[];
  /** Names of the projects that the caller may read. */
  readonly projects: readonly string[];
  readonly resolveModel: (name: string) => string;
}

/**
 * Entries of `/api/tags`: Ollama's own in its order, then what it does not know (aliases, models of other servers), each with all that
 * Ollama says of the model behind it. Where several projects are served, also `model@project` for clients that can choose nothing else.
 */
export function modelEntries({ entries, known, projects, resolveModel }: ListedModels): readonly OllamaObject[] {
  const named = new Map(entries.map((entry) => [textOf(entry['name']), entry]));
  const isKnown = new Set(known.map(({ name }) => name));
  const entryOf = (info: ModelInfo): OllamaObject => {
    const behind = resolveModel(info.name);
    const entry = named.get(behind) ?? named.get(`${behind}:latest`);
    return entry === undefined ? tagEntry(info) : { ...entry, name: info.name, model: info.name };
  };
  const all = [
    // A model that may not be asked for, since it runs on another machine, is not offered.
    ...entries.filter((entry) => isKnown.has(textOf(entry['name']))),
    ...known.filter(({ name }) => !named.has(name)).map(entryOf),
  ];
  const listed = new Set(all.map((entry) => entry['name']));
  const withProject = projects.length < 2 ? [] : known.flatMap((info) => projectNames(info, projects, resolveModel));
  return [...all, ...withProject.filter(({ name }) => !listed.has(name)).map(entryOf)];
}

/** Only for models that answer, and not for each of their aliases: the list is shown to people. */
function projectNames(
  info: ModelInfo,
  projects: readonly string[],
  resolveModel: (name: string) => string,
): readonly ModelInfo[] {
  if (!info.capabilities.includes('completion') || resolveModel(info.name) !== info.name) return [];
  return projects.map((project) => ({ ...info, name: `${info.name}@${project}` }));
}
