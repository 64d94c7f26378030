import { describe, expect, it } from 'vitest';
import { placeToLook } from '../../../indexer/live/place-to-look.ts';

describe('placeToLook', () => {
  it.each(['a.py', './a.py', 'a.py/'])('%s is a file or folder to look at', (path) => {
    expect(placeToLook(path)).toBe('a.py');
  });

  it.each([
    ['', ''],
    ['.', ''],
    ['src//deep/', 'src/deep'],
  ])('%j is the folder %j', (path, folder) => {
    expect(placeToLook(path)).toBe(folder);
  });

  it.each(['.gitignore', '.lorekeepignore', 'CACHEDIR.TAG', 'pyvenv.cfg'])('%s is about its folder', (name) => {
    expect(placeToLook(name)).toBe('');
    expect(placeToLook(`src/deep/${name}`)).toBe('src/deep');
  });

  it.each(['.git', '.git/info', '.git/info/exclude'])('%s is about the folder of the repository', (path) => {
    expect(placeToLook(path)).toBe('');
    expect(placeToLook(`lib/${path}`)).toBe('lib');
  });

  it.each(['.git/HEAD', '.git/index.lock', '.git/refs/heads/main', 'lib/.git/objects/ab', '.git/a/.gitignore'])(
    '%s is nothing of the project',
    (path) => {
      expect(placeToLook(path)).toBeNull();
    },
  );

  it.each(['/etc/passwd', '../a.py', 'a/../../b'])('%s is refused', (path) => {
    expect(() => placeToLook(path)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
  });
});
