import { ServiceError } from '../../core/errors.ts';

/** What a model name of a client means. */
export interface RequestedModel {
  /** Name as the model server knows it. */
  readonly model: string;
  /** Projects that the name carries (`model@project`), empty for none. */
  readonly projects: readonly string[];
}

/** Reads aliases given as `name=model`; the last one of a name counts. */
export function readAliases(aliases: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    aliases.map((alias) => {
      const equals = alias.indexOf('=');
      return [alias.slice(0, equals), alias.slice(equals + 1)];
    }),
  );
}

/**
 * Takes `model@project` apart and looks up the alias. A file's path may hold an `@`, so only what names one of the `known` projects
 * behind the last one counts there. Whether the project may be used is for the caller of this function to find out.
 */
export function requestedModel(
  name: string,
  aliases: ReadonlyMap<string, string>,
  known: readonly string[],
): RequestedModel {
  const at = name.lastIndexOf('@');
  const project = name.slice(at + 1);
  const carries = at > 0 && (known.includes(project) || !name.startsWith('gguf:'));
  const asked = carries ? name.slice(0, at) : name;
  return { model: aliases.get(asked) ?? asked, projects: carries ? [project] : [] };
}

/** Says which projects there are for whoever asks: the names of others are nobody's business. */
export function notServed(project: string, readable: readonly string[]): ServiceError {
  const known = readable.length === 0 ? 'No project is served' : `Served are: ${readable.join(', ')}`;
  return new ServiceError('not_indexed', `The project "${project}" is not served here. ${known}.`);
}
