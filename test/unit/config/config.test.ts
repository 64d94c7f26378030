import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, projectFileName, userConfigFile } from '../../../src/config.ts';
import { configJsonSchema, checkOptions } from '../../../src/config-schema.ts';
import { optionDefaults } from '../../../src/config-defaults.ts';
import { environmentName, optionNames, optionTable, shownValue } from '../../../src/config-options.ts';

let home: string;
let project: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lorekeep-config-'));
  project = join(home, 'project');
  mkdirSync(project);
});
afterEach(() => rmSync(home, { recursive: true }));

const environment = (more: Record<string, string> = {}) => ({
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_DATA_HOME: join(home, 'data'),
  ...more,
});
function writeUserFile(content: unknown): string {
  const path = userConfigFile(environment());
  mkdirSync(join(home, 'config', 'lorekeep'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const writeProjectFile = (content: unknown): void =>
  writeFileSync(join(project, projectFileName), JSON.stringify(content));

describe('ranks', () => {
  test('defaults hold when nobody says otherwise', async () => {
    const { values, origins } = await loadConfig({ environment: environment() });
    expect(values).toEqual({ ...optionDefaults, dataFolder: join(home, 'data', 'lorekeep') });
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
  });

  test('user file < project file < environment < flags, and each value says where it came from', async () => {
    const userFile = writeUserFile({
      model: 'user',
      maxCodeBytes: 2_000,
      maxDataBytes: 2_000,
      workers: 1,
      answerTokens: 100,
    });
    writeProjectFile({ model: 'project', maxCodeBytes: 3_000, maxDataBytes: 3_000 });
    const { values, origins } = await loadConfig({
      projectRoot: project,
      environment: environment({ LOREKEEP_MODEL: 'variable', LOREKEEP_MAX_CODE_BYTES: '4000' }),
      flags: { model: ['first', 'flag'] },
    });
    expect(values).toMatchObject({
      model: 'flag',
      maxCodeBytes: 4_000,
      maxDataBytes: 3_000,
      workers: 1,
      answerTokens: 100,
    });
    expect(origins).toMatchObject({
      model: '--model',
      maxCodeBytes: 'LOREKEEP_MAX_CODE_BYTES',
      maxDataBytes: join(project, projectFileName),
      workers: userFile,
      dataFolder: 'default',
    });
  });

  test('lists are separated by commas or repeated', async () => {
    const variable = await loadConfig({ environment: environment({ LOREKEEP_ALLOWED_HOSTS: 'a:1, b' }) });
    const flags = await loadConfig({ environment: environment(), flags: { allowedHosts: ['a:1', 'b'] } });
    expect([variable.values.allowedHosts, flags.values.allowedHosts]).toEqual([
      ['a:1', 'b'],
      ['a:1', 'b'],
    ]);
  });
});

describe('a project file cannot weaken privacy', () => {
  test.each(['dataFolder', 'modelUrl', 'embedderUrl', 'embedderKey', 'allowedHosts', 'workers'])(
    '%s is refused there',
    async (option) => {
      writeProjectFile({ [option]: option === 'allowedHosts' ? ['evil.example'] : 'http://evil.example' });
      await expect(loadConfig({ projectRoot: project, environment: environment() })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining(`must not set "${option}"`),
      });
    },
  );

  test('the user may set it', async () => {
    writeUserFile({ allowedHosts: ['gpu.example:11434'] });
    expect((await loadConfig({ projectRoot: project, environment: environment() })).values.allowedHosts).toEqual([
      'gpu.example:11434',
    ]);
  });
});

describe('mistakes are named', () => {
  test.each([
    [{ modle: 'x' }, 'unknown option "modle"'],
    [{ maxCodeBytes: '10 MB' }, '"maxCodeBytes"'],
    [{ maxCodeBytes: 5 }, '"maxCodeBytes"'],
    [{ embedder: 'openai' }, 'expected "builtin", "ollama:<model>", "openai:<model>" or "none"'],
    [{ embedder: 'openai:' }, '"embedder"'],
    [{ embedderUrl: '127.0.0.1:1234' }, '"embedderUrl"'],
    [{ model: '' }, '"model"'],
    [{ model: 7 }, '"model"'],
    [[], 'one JSON object'],
    ['{"model": ', 'not valid JSON'],
  ])('%j', async (content, message) => {
    const path = writeUserFile(content);
    await expect(loadConfig({ environment: environment() })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(message),
    });
    await expect(loadConfig({ environment: environment() })).rejects.toThrow(path);
  });

  test('a mistyped variable is not ignored', async () => {
    await expect(loadConfig({ environment: environment({ LOREKEEP_MODLE: 'x' }) })).rejects.toThrow('LOREKEEP_MODLE');
    await expect(loadConfig({ environment: environment({ LOREKEEP_DEBUG: '1' }) })).resolves.toBeDefined();
  });

  test.each([
    ['LOREKEEP_WORKERS', 'many'],
    ['LOREKEEP_WORKERS', '0'],
    ['LOREKEEP_MODEL_URL', 'gpu-box'],
  ])('%s=%s', async (name, value) => {
    await expect(loadConfig({ environment: environment({ [name]: value }) })).rejects.toThrow(`${name}:`);
  });

  test('a folder where the file should be', async () => {
    mkdirSync(join(project, projectFileName));
    await expect(loadConfig({ projectRoot: project, environment: environment() })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});

describe('a secret', () => {
  const key = 'sk-12 34';

  test('is shown as set or not set', async () => {
    const named = await loadConfig({ environment: environment({ LOREKEEP_EMBEDDER_KEY: 'sk-1234' }) });
    expect(named.values.embedderKey).toBe('sk-1234');
    expect(shownValue('embedderKey', named.values)).toBe('set');
    const { values } = await loadConfig({ environment: environment() });
    expect([shownValue('embedderKey', values), shownValue('model', values)]).toEqual(['not set', values.model]);
  });

  test('that no header can carry is refused without being repeated', async () => {
    const failure = await loadConfig({ environment: environment({ LOREKEEP_EMBEDDER_KEY: key }) }).catch(String);
    expect(failure).toContain('LOREKEEP_EMBEDDER_KEY: "embedderKey": expected ASCII');
    expect(failure).not.toContain(key);
  });

  test('has no flag, which other users of the machine could read', () => {
    const secrets = optionNames.filter((option) => optionTable[option].isSecret);
    expect(secrets.map((option) => [option, optionTable[option].flag])).toEqual([
      ['embedderKey', null],
      ['generatorKey', null],
      ['apiKey', null],
    ]);
  });
});

describe('folders', () => {
  test('XDG variables count only when absolute', async () => {
    const { values } = await loadConfig({ environment: { HOME: home, XDG_DATA_HOME: 'relative' } });
    expect(values.dataFolder.startsWith(home)).toBe(true);
  });

  test('~ is the home folder', async () => {
    expect((await loadConfig({ environment: environment(), flags: { dataFolder: '~/index' } })).values.dataFolder).toBe(
      join(home, 'index'),
    );
  });
});

test.each([
  ['gpu-box', 'http://gpu-box:11434'],
  ['127.0.0.1:11500', 'http://127.0.0.1:11500'],
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['https://models.example/', 'https://models.example'],
])('OLLAMA_HOST=%s means %s', async (host, url) => {
  const { values, origins } = await loadConfig({ environment: environment({ OLLAMA_HOST: host }) });
  expect([values.modelUrl, origins.modelUrl]).toEqual([url, 'OLLAMA_HOST']);
});

describe('schema', () => {
  test('accepts every default and any text for the options that skip it', () => {
    expect(checkOptions({ ...optionDefaults, dataFolder: '/any' }).problems).toEqual([]);
    for (const text of [' ', 'a b', '-x', '\u0000', '日本語'])
      expect(checkOptions({ dataFolder: text, model: text }).problems).toEqual([]);
  });

  test('describes every option and allows no other', () => {
    const schema = configJsonSchema() as {
      properties: Record<string, { description: string }>;
      additionalProperties: boolean;
    };
    expect(Object.keys(schema.properties).sort()).toEqual([...optionNames].sort());
    for (const option of optionNames) expect(schema.properties[option]?.description).toMatch(/^[A-Z].*\.$/);
    expect(schema.additionalProperties).toBe(false);
  });

  test('variables are named after options', () => {
    expect(environmentName('maxCodeBytes')).toBe('LOREKEEP_MAX_CODE_BYTES');
  });
});
