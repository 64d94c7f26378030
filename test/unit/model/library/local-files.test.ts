import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localFiles } from '../../../../src/model/library/local-files.ts';

describe('what FROM names', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lorekeep-model-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (...names: readonly string[]): void => {
    for (const name of names) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), '');
    }
  };
  const find = (value: string) => localFiles(value, { folder, home: folder })?.map(({ name }) => name) ?? null;

  test('is a file beside the Modelfile, an absolute one, or one at home', () => {
    write('a.gguf');
    const found = [{ name: 'a.gguf', path: join(folder, 'a.gguf') }];
    for (const value of ['a.gguf', './a.gguf', join(folder, 'a.gguf')])
      expect(localFiles(value, { folder, home: '/nowhere' })).toEqual(found);
    expect(localFiles('~/a.gguf', { folder: '/nowhere', home: folder })).toEqual(found);
  });

  test.each(['llama3', 'deepseek-coder:6.7b', 'hf.co/org/name:Q4_K_M', 'library/name'])('is the model %s', (value) => {
    expect(find(value)).toBeNull();
  });

  test.each(['./missing', '/missing', '~/missing', 'missing.gguf', 'missing.safetensors'])('is not %s', (value) => {
    expect(() => find(value)).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringContaining('does not exist') }),
    );
  });

  test('is a folder: its weights of the first kind there is, settings and tokenizer', () => {
    write('m/model-1.safetensors', 'm/model-2.safetensors', 'm/old.gguf', 'm/config.json', 'm/1_Pooling/config.json');
    write('m/tokenizer.model', 'm/README.md', 'm/.git/x.json.txt');
    expect(find('m')).toEqual([
      '1_Pooling/config.json',
      'config.json',
      'model-1.safetensors',
      'model-2.safetensors',
      'tokenizer.model',
    ]);
    write('m/tokenizer.json');
    expect(find('m')).toContain('tokenizer.json');
    expect(find('m')).not.toContain('tokenizer.model');
  });

  test('is not a folder without weights, nor one with a link that leads out of it', () => {
    write('empty/config.json', 'secret.json', 'm/model.safetensors');
    expect(() => find('empty')).toThrow('holds no model');
    symlinkSync(join(folder, 'secret.json'), join(folder, 'm/config.json'));
    expect(() => find('m')).toThrow('outside of the model');
  });

  test('may be a link within the folder', () => {
    write('m/blobs-model');
    symlinkSync('blobs-model', join(folder, 'm/model.gguf'));
    expect(find('m')).toEqual(['model.gguf']);
  });
});
