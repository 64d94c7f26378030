import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { optionDefaults } from './config-defaults.ts';
import { environmentName, optionNames, optionTable } from './config-options.ts';
import type { Config, OptionName, OptionSpec } from './config-options.ts';
import { ServiceError } from './core/errors.ts';

/** File name of a project's own options, in its root. */
export const projectFileName = '.lorekeep.json';

/** Options as given on the command line, by option name; always text. */
export type FlagValues = Partial<Record<OptionName, string | readonly string[]>>;

/** Where options come from, lowest rank first: defaults, the user's file, the project's file, environment, flags. */
export interface ConfigSources {
  readonly flags?: FlagValues;
  /** Root of the project whose `.lorekeep.json` counts; null for none. */
  readonly projectRoot?: string | null;
  /** The process's own when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Options as resolved, and the place each value came from (`default`, a file, a variable, a flag). */
export interface ResolvedConfig {
  readonly values: Config;
  readonly origins: Readonly<Record<OptionName, string>>;
}

interface Layer {
  readonly origin: (option: OptionName) => string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly isProject?: boolean;
}

/** What a terminal program asks of its environment. */
export interface TerminalEnvironment {
  /** LOREKEEP_DEBUG: show the causes of a failure. */
  readonly debug: boolean;
  /** Width from COLUMNS, null when it tells none. */
  readonly columns: number | null;
}

/** Environment that concerns output only; colours follow NO_COLOR and FORCE_COLOR through node:util. */
export function terminalEnvironment(environment: ConfigSources['environment'] = process.env): TerminalEnvironment {
  const columns = Number(environment['COLUMNS']);
  return {
    debug: !['', '0', undefined].includes(environment['LOREKEEP_DEBUG']),
    columns: Number.isInteger(columns) && columns > 0 ? columns : null,
  };
}

/**
 * Resolves all options. Errors: `config_invalid` for an unknown key, a bad value, an unreadable file, or a project
 * file that sets what only the user may set.
 */
export async function loadConfig(sources: ConfigSources = {}): Promise<ResolvedConfig> {
  const environment = sources.environment ?? process.env;
  const layers = [
    modelServerLayer(environment),
    fileLayer(userConfigFile(environment)),
    ...(sources.projectRoot ? [fileLayer(join(sources.projectRoot, projectFileName), true)] : []),
    environmentLayer(environment),
    flagLayer(sources.flags ?? {}),
  ];
  const values: Record<string, unknown> = { ...optionDefaults, dataFolder: defaultDataFolder(environment) };
  const origins: Record<string, string> = Object.fromEntries(optionNames.map((option) => [option, 'default']));
  for (const layer of layers) {
    for (const [option, value] of Object.entries(await checkLayer(layer))) {
      values[option] = value;
      origins[option] = layer.origin(option as OptionName);
    }
  }
  values['dataFolder'] = resolve(expandHome(String(values['dataFolder']), environment));
  return { values: values as unknown as Config, origins: origins as Record<OptionName, string> };
}

/** Where the user's own options live. */
export function userConfigFile(environment: ConfigSources['environment'] = process.env): string {
  return join(standardFolder(environment, 'XDG_CONFIG_HOME', '.config'), 'config.json');
}

/** git's own ignore file for all repositories of this user, whether it exists or not. */
export function gitExcludesFile(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = environment['XDG_CONFIG_HOME'];
  return join(
    named !== undefined && isAbsolute(named) ? named : join(homeFolder(environment), '.config'),
    'git',
    'ignore',
  );
}

function defaultDataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return standardFolder(environment, 'XDG_DATA_HOME', join('.local', 'share'));
}

/** The XDG base directory rules; a relative path in the variable is ignored, as they ask. */
function standardFolder(
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
  below: string,
): string {
  const named = environment[variable];
  if (named !== undefined && isAbsolute(named)) return join(named, 'lorekeep');
  const onMac = process.platform === 'darwin';
  return join(homeFolder(environment), onMac ? join('Library', 'Application Support') : below, 'lorekeep');
}

function homeFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment['HOME'];
  return home !== undefined && isAbsolute(home) ? home : homedir();
}

function expandHome(path: string, environment: Readonly<Record<string, string | undefined>>): string {
  return path === '~' || path.startsWith('~/') ? join(homeFolder(environment), path.slice(1)) : path;
}

/** OLLAMA_HOST, which people who moved their Ollama have set already: `host`, `host:port` or a URL. */
function modelServerLayer(environment: Readonly<Record<string, string | undefined>>): Layer {
  const host = environment['OLLAMA_HOST']?.trim();
  const origin = (): string => 'OLLAMA_HOST';
  if (!host) return { origin, given: {} };
  const url = /^https?:\/\//.test(host) ? host : `http://${host}`;
  const hasPort = /^https?:\/\/[^/]*:\d+/.test(url);
  // 0.0.0.0 is where a server listens, not where a client connects.
  const reachable = url.replace('//0.0.0.0', '//127.0.0.1').replace(/\/+$/, '');
  return { origin, given: { modelUrl: hasPort || url.startsWith('https') ? reachable : `${reachable}:11434` } };
}

function environmentLayer(environment: Readonly<Record<string, string | undefined>>): Layer {
  refuseUnknownVariables(environment);
  const given: Record<string, unknown> = {};
  for (const option of optionNames) {
    const text = environment[environmentName(option)];
    if (text !== undefined && text !== '') given[option] = fromText(optionTable[option].kind, text);
  }
  return { origin: environmentName, given };
}

/** Variables of ours that are no options. */
const otherVariables = /^LOREKEEP_(DEBUG$|TEST_)/;

/** A mistyped variable would otherwise be ignored without a word. */
function refuseUnknownVariables(environment: Readonly<Record<string, string | undefined>>): void {
  const known = new Set(optionNames.map(environmentName));
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('LOREKEEP_') || known.has(name) || otherVariables.test(name)) continue;
    throw new ServiceError(
      'config_invalid',
      `${name} is no option of Lorekeep. \`lorekeep config\` lists all; unset it or correct its name.`,
    );
  }
}

function flagLayer(flags: FlagValues): Layer {
  const given: Record<string, unknown> = {};
  for (const [option, text] of Object.entries(flags)) {
    if (text !== undefined) given[option] = fromText(optionTable[option as OptionName].kind, text);
  }
  return { origin: (option) => `--${optionTable[option].flag}`, given };
}

/** A value from its text form; what is no number stays text, so that the schema can name the problem. */
function fromText(kind: OptionSpec['kind'], text: string | readonly string[]): unknown {
  const parts = typeof text === 'string' ? [text] : text;
  if (kind === 'list')
    return parts
      .flatMap((part) => part.split(','))
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  return kind === 'number' && /^\d+(\.\d+)?$/.test(last) ? Number(last) : last;
}

const maxConfigFileBytes = 100_000;

function fileLayer(path: string, isProject = false): Layer {
  const origin = (): string => path;
  const text = readConfigFile(path);
  if (text === null) return { origin, given: {}, isProject };
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('config_invalid', `${path} is not valid JSON: ${(cause as Error).message}.`, { cause });
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ServiceError(
      'config_invalid',
      `${path} must hold one JSON object, like {"model": "deepseek-coder:1.3b"}.`,
    );
  }
  const { $schema: _, ...options } = given as Record<string, unknown>;
  return { origin, given: options, isProject };
}

/** Null when the file does not exist. A pipe or a huge file in a foreign repository must not stop us. */
function readConfigFile(path: string): string | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    if (stat.isFile() && stat.size <= maxConfigFileBytes) return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ServiceError('config_invalid', `${path} cannot be read; check its permissions.`, { cause });
  }
  throw new ServiceError('config_invalid', `${path} must be a regular file of at most ${maxConfigFileBytes} bytes.`);
}

/** Options for which every text is a valid value: no reason to load the schema, a quarter of a short run's time. */
const freeTextOptions: ReadonlySet<string> = new Set<OptionName>(['dataFolder', 'model']);

async function checkLayer(layer: Layer): Promise<Readonly<Record<string, unknown>>> {
  const given = Object.entries(layer.given);
  if (given.every(([option, value]) => freeTextOptions.has(option) && typeof value === 'string' && value !== '')) {
    if (!layer.isProject) return layer.given;
  }
  if (given.length === 0) return layer.given;
  if (layer.isProject) refuseUserOptions(layer);
  const { checkOptions } = await import('./config-schema.ts');
  const { values, problems } = checkOptions(layer.given);
  if (problems.length === 0) return values;
  throw new ServiceError(
    'config_invalid',
    `${placeOf(layer)}: ${problems.join('; ')}. Run \`lorekeep config --schema\` for all options.`,
  );
}

/** The one file or variable that a message should name. */
function placeOf(layer: Layer): string {
  const options = Object.keys(layer.given).filter((option): option is OptionName => option in optionTable);
  const places = new Set(options.map(layer.origin));
  return places.size === 0 ? layer.origin('model') : [...places].join(', ');
}

/** How an option is called outside of files. */
function namesOf(option: OptionName): readonly string[] {
  const { flag } = optionTable[option];
  return [environmentName(option), ...(flag === null ? [] : [`--${flag}`])];
}

function refuseUserOptions(layer: Layer): void {
  for (const option of optionNames) {
    if (option in layer.given && optionTable[option].trust === 'user') {
      throw new ServiceError(
        'config_invalid',
        `${layer.origin(option)} must not set "${option}": a project does not decide where code goes or how this machine is used. ` +
          `Remove it there; set it in ${[userConfigFile(), ...namesOf(option)].join(' or ')}.`,
      );
    }
  }
}
