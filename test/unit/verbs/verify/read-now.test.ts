import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/core/hash.ts';
import { lookHere, type PresentStat } from '../../../../src/verbs/verify/look.ts';
import { readNow } from '../../../../src/verbs/verify/read-now.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorekeep-read-'));
  path = join(folder, 'a.ts');
});
afterEach(() => rmSync(folder, { recursive: true }));

const look = (): PresentStat | null => lookHere(Buffer.from(path));
const read = (stat: () => PresentStat | null, knownHash: string | null = null) =>
  readNow({ path: 'a.ts', absolute: path }, { limits: {}, knownHash, stat, now: () => Date.now() });

describe('readNow', () => {
  it('reads a file at rest, just written or not', async () => {
    writeFileSync(path, 'one\n');
    expect(await read(look)).toMatchObject({ kind: 'text', file: { text: 'one\n' } });
    utimesSync(path, 1_000, 1_000);
    expect(await read(look)).toMatchObject({ kind: 'text', file: { text: 'one\n' } });
  });

  it('tells a content that the caller knows without decoding it', async () => {
    writeFileSync(path, 'one\n');
    expect(await read(look, sha256('one\n'))).toMatchObject({ kind: 'known', stat: { bytes: 4 } });
  });

  it('reads again when the file has changed meanwhile', async () => {
    writeFileSync(path, 'one\n');
    let looks = 0;
    const changing = (): PresentStat | null => {
      looks += 1;
      if (looks === 2) writeFileSync(path, 'three\n');
      return look();
    };
    expect(await read(changing)).toMatchObject({ kind: 'text', file: { text: 'three\n' } });
    expect(looks).toBe(4);
  });

  it('gives up on a file that never rests', async () => {
    writeFileSync(path, 'one\n');
    let looks = 0;
    const restless = (): PresentStat | null => {
      looks += 1;
      writeFileSync(path, 'more\n'.repeat(looks));
      return look();
    };
    expect(await read(restless)).toEqual({ kind: 'unsettled' });
  });

  it('tells why a file is not read, and that one is gone', async () => {
    expect(await read(look)).toEqual({ kind: 'none', refusal: null });
    writeFileSync(path, 'a\0\0\0b');
    expect(await read(look)).toMatchObject({ kind: 'none', refusal: { reason: 'binary' } });
  });
});
