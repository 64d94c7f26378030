import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ReadOptions, readSource } from '../../../indexer/read/read-source.ts';
import type { ReadOutcome } from '../../../indexer/read/read-outcome.ts';
import { sha256 } from '../../../src/core/hash.ts';
import { asPlainUser } from '../../support/as-plain-user.ts';
import { fileTree } from '../../support/file-tree.ts';

let root = '';

beforeAll(() => {
  root = fileTree({});
  chmodSync(root, 0o755);
});

afterAll(() => rmSync(root, { recursive: true }));

function read(path: string, options?: ReadOptions): ReadOutcome {
  return readSource({ path, absolute: join(root, path) }, options);
}

function readContent(path: string, content: string | Buffer, options?: ReadOptions): ReadOutcome {
  writeFileSync(join(root, path), content);
  return read(path, options);
}

test('a source file comes with text, lines, hash, language and the stat of its content', () => {
  const text = '// größer\r\nexport const x = 1;\n';
  const stat = statSync(writtenTo('a.ts', text), { bigint: true });
  expect(read('a.ts')).toEqual({
    kind: 'read',
    file: {
      path: 'a.ts',
      text,
      encoding: 'utf-8',
      encodingGuessed: false,
      lineStarts: Uint32Array.from([0, 11, 31]),
      hash: sha256(text),
      bytes: Buffer.byteLength(text),
      language: 'typescript',
    },
    stat: { bytes: Buffer.byteLength(text), mtimeNs: stat.mtimeNs, inode: stat.ino },
    degraded: [],
  });
});

function writtenTo(path: string, content: string): string {
  writeFileSync(join(root, path), content);
  return join(root, path);
}

test('an empty file is a source file', () => {
  expect(readContent('empty.py', '')).toMatchObject({
    kind: 'read',
    file: { text: '', lineStarts: Uint32Array.from([0]) },
  });
});

test('content that the caller knows is not decoded again', () => {
  expect(readContent('known.ts', 'let x;', { knownHash: sha256('let x;') }).kind).toBe('unchanged');
  expect(readContent('known.ts', 'let y;', { knownHash: sha256('let x;') }).kind).toBe('read');
});

test('size limits: one for code, a smaller one for data and unknown formats', () => {
  const options = { maxDataBytes: 1000, maxCodeBytes: 3000 };
  const line = 'total = 1\n';
  expect(readContent('small.py', line.repeat(300), options).kind).toBe('read');
  expect(readContent('large.py', line.repeat(301), options)).toMatchObject({
    reason: 'too_large',
    detail: '3010 bytes; the limit for its kind is 3000',
  });
  expect(readContent('small.json', '{"a": 1}\n'.repeat(100), options).kind).toBe('read');
  expect(readContent('large.json', '{"a": 1}\n'.repeat(112), options)).toMatchObject({ reason: 'too_large' });
  expect(readContent('large.unknown', line.repeat(101), options)).toMatchObject({ reason: 'too_large' });
  // Told by its first line: no ending, and larger than data may be.
  expect(readContent('tool', `#!/usr/bin/env python3\n${line.repeat(101)}`, options)).toMatchObject({
    file: { language: 'python' },
  });
  expect(readContent('picture.ts', `\x89PNG${line.repeat(400)}`, options).kind).toBe('skipped');
});

test('the limits are 1 MB and 10 MB', () => {
  for (const [path, bytes, reason] of [
    ['a.log', 1_000_001, 'too_large'],
    ['a.c', 10_000_001, 'too_large'],
    ['b.c', 10_000_000, 'binary'],
  ] as const) {
    writeFileSync(join(root, path), '');
    truncateSync(join(root, path), bytes);
    expect(read(path)).toMatchObject({ reason });
  }
});

test('a secret is not opened', () => {
  execFileSync('mkfifo', [join(root, '.env')]);
  expect(read('.env')).toEqual({ kind: 'skipped', reason: 'secret', detail: 'environment file' });
});

test('what changed between walk and read: gone, a pipe, a link', () => {
  expect(read('never-there.ts')).toEqual({ kind: 'gone' });
  execFileSync('mkfifo', [join(root, 'pipe.ts')]);
  expect(read('pipe.ts')).toMatchObject({ reason: 'special_file' });
  symlinkSync('/etc/hosts', join(root, 'link.ts'));
  expect(read('link.ts')).toMatchObject({ reason: 'link' });
  expect(readSource({ path: 'folder.ts', absolute: root })).toMatchObject({ reason: 'special_file' });
});

test('a file that this user may not read', async () => {
  writeFileSync(join(root, 'locked.ts'), 'let x;');
  chmodSync(join(root, 'locked.ts'), 0);
  const outcome = await asPlainUser(() => Promise.resolve(read('locked.ts')));
  expect(outcome).toEqual({ kind: 'skipped', reason: 'unreadable', detail: 'permission denied' });
});

/** A file with a name in Latin-1, or in UTF-8 where the file system insists on that. */
function fileNamedInBytes(): Buffer {
  for (const accent of [Buffer.from([0xe9]), Buffer.from('é')]) {
    const name = Buffer.concat([Buffer.from(`${root}/caf`), accent, Buffer.from('.ts')]);
    try {
      writeFileSync(name, 'let x;');
      return name;
    } catch {
      continue;
    }
  }
  throw new Error('No name was accepted.');
}

test('a path given as bytes', () => {
  const absolute = Uint8Array.from(fileNamedInBytes());
  expect(readSource({ path: 'as-shown.ts', absolute })).toMatchObject({
    file: { path: 'as-shown.ts', text: 'let x;' },
  });
});

test.each([
  ['generated', 'Cargo.lock', 'x = 1\n'],
  ['minified', 'app.js', 'function a(b){return b+1};'.repeat(400)],
  ['secret', 'key.txt', `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(3)}\n`],
  ['binary', 'data.ts', 'a\0b'],
])('%s: %s', (reason, path, content) => {
  expect(readContent(path, content)).toMatchObject({ kind: 'skipped', reason });
});
