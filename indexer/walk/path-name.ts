import { isUtf8 } from 'node:buffer';

/**
 * Names on disk are bytes. Lorekeep shows and stores them as strings: UTF-8 is decoded, every other byte is written
 * `\xHH`, and a backslash that could be read as such an escape is written `\x5C`. The form is reversible.
 *
 * Inside the walk a name is a byte string: one UTF-16 unit per byte (`latin1`), which sorts and matches as git does.
 */
const plain = /^[\x20-\x5b\x5d-\x7e]*$/;
const escapeLike = /\\(?=x[0-9a-fA-F]{2})/g;
const escaped = /\\x([0-9a-fA-F]{2})/g;

/** The string form of a name or path given as bytes. */
export function pathNameOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return escapeBackslashes(bytes.toString('utf8'));
  let name = '';
  let start = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      name += escapeBackslashes(bytes.toString('utf8', start, at)) + escapeByte(bytes[at] ?? 0);
      start = at + 1;
    }
    at += Math.max(length, 1);
  }
  return name + escapeBackslashes(bytes.toString('utf8', start));
}

/** The bytes that a string form stands for; undoes `pathNameOf`. */
export function pathBytesOf(name: string): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (const match of name.matchAll(escaped)) {
    parts.push(Buffer.from(name.slice(start, match.index), 'utf8'), Buffer.from([Number.parseInt(match[1] ?? '', 16)]));
    start = match.index + match[0].length;
  }
  parts.push(Buffer.from(name.slice(start), 'utf8'));
  return Buffer.concat(parts);
}

/** String form of a byte string. */
export function nameOfByteString(bytes: string): string {
  return plain.test(bytes) ? bytes : pathNameOf(Buffer.from(bytes, 'latin1'));
}

/** Byte string of a string form. */
export function byteStringOfName(name: string): string {
  return plain.test(name) ? name : pathBytesOf(name).toString('latin1');
}

/** A path for `node:fs`: `folder` joined with a byte string; a string where that is possible, else bytes. */
export function joinByteString(folder: string, bytes: string): string | Buffer {
  if (bytes === '') return folder;
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  if (plain.test(bytes)) return prefix + bytes;
  const tail = Buffer.from(bytes, 'latin1');
  return isUtf8(tail) ? prefix + tail.toString('utf8') : Buffer.concat([Buffer.from(prefix, 'utf8'), tail]);
}

function escapeBackslashes(text: string): string {
  return text.replace(escapeLike, '\\x5C');
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Length of the valid UTF-8 sequence at `at`, 0 if there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
