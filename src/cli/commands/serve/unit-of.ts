import { realpathSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { optionTable } from '../../../config-options.ts';
import type { OptionName } from '../../../config-options.ts';
import { userConfigFile } from '../../../config.ts';
import type { FlagValues, ResolvedConfig } from '../../../config.ts';
import { isLoopback } from '../../../http/admission/hosts.ts';
import { listenOptions } from './listen-options.ts';
import { systemdUnit } from './systemd-unit.ts';

/** The unit that runs `lorekeep serve` as it was called, for the user who called it. */
export function unitOf(config: ResolvedConfig, folders: readonly string[], flags: FlagValues): string {
  const { values } = config;
  const program = realpathSync(process.argv[1] ?? process.execPath);
  const files = [values.apiKeyFile, values.tlsCert, values.tlsKey]
    .filter((file) => file !== '')
    .map((file) => resolve(file));
  const projects = folders.flatMap((folder) => ['--project', folder]);
  return systemdUnit({
    command: [process.execPath, program, 'serve', ...projects, ...flagWords(flags, values.dataFolder)],
    user: userInfo().username,
    dataFolder: values.dataFolder,
    readable: [process.execPath, packageRoot(program), ...folders, ...files, dirname(userConfigFile())].filter(
      mayBeHidden,
    ),
    isLocal: isLoopback(values.listenHost),
    port: listenOptions(config).port,
  });
}

/** The flags as words again; paths become absolute, since a unit starts in another folder. */
function flagWords(flags: FlagValues, dataFolder: string): readonly string[] {
  const paths: ReadonlySet<string> = new Set<OptionName>(['apiKeyFile', 'tlsCert', 'tlsKey']);
  const words = Object.entries(flags).flatMap(([option, value]) => {
    const { flag } = optionTable[option as OptionName];
    if (option === 'dataFolder' || flag === null) return [];
    return [value].flat().map((text) => `--${flag}=${paths.has(option) ? resolve(text) : text}`);
  });
  return [`--data=${dataFolder}`, ...words];
}

/** The folder of an installation: the one above `src` that holds everything that is loaded. */
function packageRoot(program: string): string {
  const [modules] = /^.*?\/node_modules(?=\/)/.exec(program) ?? [];
  return modules ?? dirname(dirname(program));
}

/** True for what lies where a unit with ProtectHome does not look. */
function mayBeHidden(path: string): boolean {
  return ['/home', '/root', '/run/user', homedir()].some((folder) => path === folder || path.startsWith(`${folder}/`));
}
