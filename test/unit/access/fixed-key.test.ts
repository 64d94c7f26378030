import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFixedKey } from '../../../src/access/fixed-key.ts';

const key = 'k'.repeat(24);

describe('the key of the configuration', () => {
  let folder: string;
  let apiKeyFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lorekeep-key-'));
    apiKeyFile = join(folder, 'key');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (text: string, mode = 0o600): void => {
    writeFileSync(apiKeyFile, text);
    chmodSync(apiKeyFile, mode);
  };

  test('is none when none is named', () => {
    expect(readFixedKey({ apiKey: '', apiKeyFile: '' })).toEqual({ key: null, warnings: [] });
  });

  test('is that of the option, or of the file without its line end', () => {
    write(`${key}\n`);
    expect(readFixedKey({ apiKey: key, apiKeyFile: '' })).toEqual({ key, warnings: [] });
    expect(readFixedKey({ apiKey: '', apiKeyFile })).toEqual({ key, warnings: [] });
  });

  test.each([0o640, 0o604])('warns of a file of mode %o, which others can read', (mode) => {
    write(key, mode);
    expect(readFixedKey({ apiKey: '', apiKeyFile }).warnings).toEqual([expect.stringContaining(`chmod 600`)]);
  });

  test.each(['', 'k'.repeat(23), `${'k'.repeat(30)} k`, 'ключ'.repeat(10)])('is not %j, and is not quoted', (text) => {
    write(text);
    const read = () => readFixedKey({ apiKey: '', apiKeyFile });
    expect(read).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(read).toThrow(expect.not.objectContaining({ message: expect.stringContaining(text || 'kkk') }));
  });

  test('is not both, and not a file that is missing, a folder or huge', () => {
    const invalid = expect.objectContaining({ code: 'config_invalid' });
    expect(() => readFixedKey({ apiKey: key, apiKeyFile })).toThrow(invalid);
    expect(() => readFixedKey({ apiKey: '', apiKeyFile })).toThrow(invalid);
    expect(() => readFixedKey({ apiKey: '', apiKeyFile: folder })).toThrow(invalid);
    write('k'.repeat(10_001));
    expect(() => readFixedKey({ apiKey: '', apiKeyFile })).toThrow(invalid);
  });
});
