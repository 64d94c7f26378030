import { anyByte, anyRun, parseSegments, type Segment, type Token } from './glob-parse.ts';

/**
 * One pattern of an ignore file, compiled. Patterns and names are byte strings, as git matches bytes: `?` is one byte
 * of a UTF-8 character. The rules are those of gitignore(5) and of git's observable behaviour:
 *
 * - `*` and `?` do not match `/`; `[...]` knows ranges, `!` and `^`, escapes and `[:alpha:]`; it never matches `/`
 * - `**` is special as a whole segment; elsewhere it is `*`. git compares the literal head of a pattern separately, so
 *   `**` right behind that head is special too (`/foo**` matches all of `/foobar/x`)
 * - a pattern that ends in a backslash or has an open bracket matches nothing
 *
 * Both levels, segments in a path and bytes in a segment, match with one backtracking point each: quadratic at worst.
 */
export interface GlobPattern {
  /** Literal bytes the name begins with; the segments match what follows. */
  readonly head: string;
  /** Empty when the head is the whole pattern. */
  readonly segments: readonly Segment[];
}

const special = /[*?[\\]/;

/** Compiles a pattern; null when it can match nothing. `splitHead` is for patterns on paths, not for those on names. */
export function compileGlob(pattern: string, splitHead: boolean): GlobPattern | null {
  const firstSpecial = pattern.search(special);
  if (firstSpecial < 0) return { head: pattern, segments: [] };
  const head = splitHead ? pattern.slice(0, firstSpecial) : '';
  const segments = parseSegments(pattern.slice(head.length));
  return segments === null ? null : { head, segments };
}

/** Whether a name or path (byte string) matches as a whole. */
export function matchesGlob(glob: GlobPattern, name: string): boolean {
  if (glob.segments.length === 0) return glob.head === name;
  if (!name.startsWith(glob.head)) return false;
  const rest = name.slice(glob.head.length);
  const only = glob.segments.length === 1 ? glob.segments[0] : undefined;
  if (only !== undefined && only.kind !== 'folders') return !rest.includes('/') && matchesSegment(only, rest);
  return matchesSegments(glob.segments, rest.split('/'));
}

/** Whether some path below `folder` could match. */
export function mayMatchBelow(glob: GlobPattern, folder: string): boolean {
  const inside = `${folder}/`;
  if (glob.head.startsWith(inside)) return true;
  if (!inside.startsWith(glob.head)) return false;
  const names = inside.slice(glob.head.length, -1).split('/');
  for (const [index, segment] of glob.segments.entries()) {
    if (segment.kind === 'folders') return true;
    const name = names[index];
    if (name === undefined) return true;
    if (!matchesSegment(segment, name)) return false;
  }
  return false;
}

/** Whether the pattern matches at any depth, whatever the folders above are called. */
export function matchesAnywhere(glob: GlobPattern): boolean {
  return glob.head === '' && glob.segments[0]?.kind === 'folders';
}

/** Whether the last segment matches every name: `*`, `**`, `build/*`. */
export function matchesEveryName(glob: GlobPattern): boolean {
  const last = glob.segments.at(-1);
  const isWhole = glob.segments.length > 1 || glob.head === '' || glob.head.endsWith('/');
  return isWhole && (last?.kind === 'folders' || (last?.kind === 'suffix' && last.text === ''));
}

function matchesSegments(segments: readonly Segment[], names: readonly string[]): boolean {
  let at = 0;
  let name = 0;
  let retryAt = -1;
  let retryName = -1;
  while (name < names.length) {
    const segment = segments[at];
    if (segment?.kind === 'folders') {
      retryAt = ++at;
      retryName = name += segment.least;
    } else if (segment !== undefined && matchesSegment(segment, names[name] ?? '')) {
      at++;
      name++;
    } else if (retryAt >= 0) {
      at = retryAt;
      name = ++retryName;
    } else return false;
  }
  return at === segments.length;
}

function matchesSegment(segment: Segment, name: string): boolean {
  if (segment.kind === 'literal') return name === segment.text;
  if (segment.kind === 'suffix') return name.endsWith(segment.text);
  return segment.kind === 'tokens' && matchesTokens(segment.tokens, name);
}

function matchesTokens(tokens: readonly Token[], name: string): boolean {
  let at = 0;
  let byte = 0;
  let retryAt = -1;
  let retryByte = -1;
  while (byte < name.length) {
    const token = tokens[at];
    if (token === anyRun) {
      retryAt = ++at;
      retryByte = byte;
    } else if (token !== undefined && matchesByte(token, name.charCodeAt(byte))) {
      at++;
      byte++;
    } else if (retryAt >= 0) {
      at = retryAt;
      byte = ++retryByte;
    } else return false;
  }
  while (tokens[at] === anyRun) at++;
  return at === tokens.length;
}

function matchesByte(token: Exclude<Token, typeof anyRun>, byte: number): boolean {
  if (typeof token === 'number') return token === byte;
  return token === anyByte || token[byte] === 1;
}
