/**
 * At most `most` folders or paths that cover all the given ones: the deepest paths are cut first. Null where only the
 * whole project does.
 */
export function commonFolders(paths: readonly string[], most: number): readonly string[] | null {
  let cut = new Set(paths);
  let depth = paths.reduce((deepest, path) => Math.max(deepest, depthOf(path)), 0);
  while (cut.size > most) {
    depth--;
    if (depth < 1) return null;
    cut = new Set([...cut].map((path) => cutAt(path, depth)));
  }
  return withoutCovered([...cut]);
}

/** Leaves out each path that lies below another one. */
export function withoutCovered(paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  return paths.filter((path) => {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (all.has(path.slice(0, end))) return false;
    }
    return true;
  });
}

function depthOf(path: string): number {
  let depth = 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) depth++;
  return depth;
}

/** The first `depth` names of a path. */
function cutAt(path: string, depth: number): string {
  let end = -1;
  for (let names = 0; names < depth; names++) {
    end = path.indexOf('/', end + 1);
    if (end < 0) return path;
  }
  return path.slice(0, end);
}
