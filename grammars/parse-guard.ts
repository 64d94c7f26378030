import type { Tree, TreeCursor } from 'web-tree-sitter';

/**
 * Open brackets. Real code stays below a thousand, those in its strings and comments included. Beyond it some parsers take time
 * that grows with the square of the depth, long before their steps are counted up.
 */
const maxNesting = 2000;

/** True when more brackets are open at once than in any real file. Strings and comments count like code. */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  // Character codes of ( [ { and ) ] }: this looks at every character of every file.
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x28 || code === 0x5b || code === 0x7b) {
      if (++depth > maxNesting) return true;
    } else if (depth > 0 && (code === 0x29 || code === 0x5d || code === 0x7d)) depth--;
  }
  return false;
}

/** Real code stays far below, wherever its parser stumbles. */
const maxTokenRun = 1000;

/**
 * True when the parser lost its way for good: an error with a long run of bare tokens in it, as unclosed brackets leave
 * behind. Such a tree says nothing, and the time of a query grows with the square of such a run.
 */
export function isLost(tree: Tree): boolean {
  if (!tree.rootNode.hasError) return false;
  const cursor = tree.walk();
  try {
    return hasLongRun(cursor);
  } finally {
    cursor.delete();
  }
}

/** Looks at the children of every node with an error in it. */
function hasLongRun(cursor: TreeCursor): boolean {
  const runs: number[] = [];
  let run = 0;
  for (;;) {
    run = cursor.nodeIsNamed ? 0 : run + 1;
    if (run > maxTokenRun) return true;
    if (cursor.nodeIsNamed && cursor.currentNode.hasError && cursor.gotoFirstChild()) {
      runs.push(run);
      run = 0;
      continue;
    }
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) return false;
      run = runs.pop() ?? 0;
    }
  }
}
