import { describe, expect, it } from 'vitest';
import { hintOf } from '../../../indexer/live/hint.ts';

describe('hintOf', () => {
  it.each(['a.py', './a.py', 'a.py/'])('%s is a file or folder to look at', (path) => {
    expect(hintOf(path)).toEqual({ path: 'a.py', changesRules: false });
  });

  it.each([
    ['', ''],
    ['.', ''],
    ['src//deep/', 'src/deep'],
  ])('%j is the folder %j', (path, folder) => {
    expect(hintOf(path)).toEqual({ path: folder, changesRules: false });
  });

  it.each(['.gitignore', '.lorekeepignore', 'CACHEDIR.TAG', 'pyvenv.cfg'])('%s is about its folder', (name) => {
    expect(hintOf(name)).toEqual({ path: '', changesRules: true });
    expect(hintOf(`src/deep/${name}`)).toEqual({ path: 'src/deep', changesRules: true });
  });

  it.each(['.git', '.git/info', '.git/info/exclude'])('%s is about the folder of the repository', (path) => {
    expect(hintOf(path)).toEqual({ path: '', changesRules: true });
    expect(hintOf(`lib/${path}`)).toEqual({ path: 'lib', changesRules: true });
  });

  it.each(['.git/HEAD', '.git/index.lock', '.git/refs/heads/main', 'lib/.git/objects/ab', '.git/a/.gitignore'])(
    '%s is nothing of the project',
    (path) => {
      expect(hintOf(path)).toBeNull();
    },
  );

  it.each(['/etc/passwd', '../a.py', 'a/../../b'])('%s is refused', (path) => {
    expect(() => hintOf(path)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
  });
});
