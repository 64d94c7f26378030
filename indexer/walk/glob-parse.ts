/** One path segment of a glob. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  /** `*` and then literal bytes. */
  | { readonly kind: 'suffix'; readonly text: string }
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[] }
  /** `**`: any number of segments, but at least `least`. */
  | { readonly kind: 'folders'; readonly least: 0 | 1 };

/** A byte, any byte, any run of bytes, or a set of bytes (256 flags). */
export type Token = number | typeof anyByte | typeof anyRun | Uint8Array;
export const anyByte = 'any-byte';
export const anyRun = 'any-run';

/** Splits a glob (byte string) at its slashes; null when it has an open bracket or ends in a backslash. */
export function parseSegments(glob: string): readonly Segment[] | null {
  const segments: Segment[] = [];
  let tokens: Token[] = [];
  let at = 0;
  while (at < glob.length) {
    const folders = tokens.length === 0 ? foldersAt(glob, at) : null;
    if (folders !== null) {
      segments.push(folders.segment);
      at = folders.end;
      if (folders.isLast) return segments;
      continue;
    }
    const token = tokenAt(glob, at);
    if (token === null) return null;
    if (token.value === slash) {
      segments.push(segmentOf(tokens));
      tokens = [];
    } else if (token.value !== anyRun || tokens.at(-1) !== anyRun) tokens.push(token.value);
    at = token.end;
  }
  segments.push(segmentOf(tokens));
  return segments;
}

const slash = 0x2f;
const foldersPattern = /\*\*+(?:(\/)|(\\\/)|$)/y;

/** A `**` that is a whole segment. Before an escaped slash git wants at least one folder; so do we. */
function foldersAt(glob: string, at: number): { segment: Segment; end: number; isLast: boolean } | null {
  foldersPattern.lastIndex = at;
  const match = foldersPattern.exec(glob);
  if (match === null) return null;
  const least = match[1] === undefined ? 1 : 0;
  return { segment: { kind: 'folders', least }, end: at + match[0].length, isLast: !match[0].endsWith('/') };
}

function tokenAt(glob: string, at: number): { value: Token; end: number } | null {
  const char = glob[at];
  if (char === '*') return { value: anyRun, end: at + 1 };
  if (char === '?') return { value: anyByte, end: at + 1 };
  if (char === '[') return parseByteSet(glob, at + 1);
  const literal = char === '\\' ? at + 1 : at;
  return literal < glob.length ? { value: glob.charCodeAt(literal), end: literal + 1 } : null;
}

function segmentOf(tokens: readonly Token[]): Segment {
  const rest = tokens[0] === anyRun ? tokens.slice(1) : tokens;
  if (!rest.every((token) => typeof token === 'number')) return { kind: 'tokens', tokens };
  return { kind: rest.length < tokens.length ? 'suffix' : 'literal', text: String.fromCharCode(...rest) };
}

/** Named sets of a bracket expression, each as pairs of first and last member. */
const namedSets: ReadonlyMap<string, string> = new Map([
  ['alnum', '09AZaz'],
  ['alpha', 'AZaz'],
  ['blank', '  \t\t'],
  ['cntrl', '\x00\x1f\x7f\x7f'],
  ['digit', '09'],
  ['graph', '!~'],
  ['lower', 'az'],
  ['print', ' ~'],
  ['punct', '!/:@[`{~'],
  ['space', '  \t\r'],
  ['upper', 'AZ'],
  ['xdigit', '09AFaf'],
]);

/** Parses a bracket expression whose `[` lies before `at`. A `]` right at the start is a member. */
function parseByteSet(glob: string, at: number): { value: Uint8Array; end: number } | null {
  const negated = glob[at] === '!' || glob[at] === '^';
  const set = new Uint8Array(256);
  let next = negated ? at + 1 : at;
  let previous = 0;
  do {
    const named = namedSetAt(glob, next);
    if (named !== null) {
      if (named.ranges === undefined) return null;
      addRanges(set, named.ranges);
      next = named.end;
      previous = 0;
      continue;
    }
    const isRange = glob[next] === '-' && previous > 0 && next + 1 < glob.length && glob[next + 1] !== ']';
    const member = literalAt(glob, isRange ? next + 1 : next);
    if (member === null) return null;
    set.fill(1, isRange ? previous : member.byte, member.byte + 1);
    previous = isRange ? 0 : member.byte;
    next = member.end;
  } while (glob[next] !== ']');
  if (negated) for (let byte = 0; byte < 256; byte++) set[byte] = 1 - (set[byte] ?? 0);
  set[slash] = 0;
  return { value: set, end: next + 1 };
}

function literalAt(glob: string, at: number): { byte: number; end: number } | null {
  const literal = glob[at] === '\\' ? at + 1 : at;
  return literal < glob.length ? { byte: glob.charCodeAt(literal), end: literal + 1 } : null;
}

/** `[:alpha:]` at `at`; `ranges` is undefined for a name that does not exist, which spoils the pattern. */
function namedSetAt(glob: string, at: number): { ranges: string | undefined; end: number } | null {
  if (!glob.startsWith('[:', at)) return null;
  const close = glob.indexOf(']', at + 2);
  if (close < 0) return { ranges: undefined, end: at };
  if (close === at + 2 || glob[close - 1] !== ':') return null;
  return { ranges: namedSets.get(glob.slice(at + 2, close - 1)), end: close + 1 };
}

function addRanges(set: Uint8Array, ranges: string): void {
  for (let index = 0; index < ranges.length; index += 2) {
    set.fill(1, ranges.charCodeAt(index), ranges.charCodeAt(index + 1) + 1);
  }
}
