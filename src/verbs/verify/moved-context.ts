import { lineAt } from '../../core/source-file.ts';
import type { LinedText, LineSpan } from './relocate.ts';

/** Lines that say nothing of the nesting, whatever their indentation. */
const apart = /^\s*(?:$|#|\/\/|\/?\*|(?:public|private|protected)\b[^(]*:\s*$)/;

/**
 * Which signatures of enclosing definitions still hold for a text that has moved: the signature must stand above it (or at its head), and
 * all lines between must be indented deeper. Where that cannot be told so, the signature is left out: none is better than a wrong one.
 * Pure.
 */
export function movedContext(context: readonly string[], now: LinedText, span: LineSpan): readonly string[] {
  return context.filter((signature) => encloses(signature, now, span));
}

function encloses(signature: string, { text, lineStarts }: LinedText, span: LineSpan): boolean {
  const words = signature.split(' ').map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  const pattern = new RegExp(words.join(String.raw`\s+`), 'g');
  const last = [...text.slice(0, span.end).matchAll(pattern)].at(-1);
  if (last === undefined) return false;
  if (last.index >= span.start) return true;
  const head = lineAt(lineStarts, last.index);
  const depth = indentation(lineOf(text, lineStarts, head));
  // The head itself may take several lines.
  const behind = lineAt(lineStarts, last.index + last[0].length - 1) + 1;
  for (let line = behind; line <= span.startLine; line++) {
    const between = lineOf(text, lineStarts, line);
    if (!apart.test(between) && indentation(between) <= depth) return false;
  }
  return true;
}

function lineOf(text: string, lineStarts: Uint32Array, line: number): string {
  return text.slice(lineStarts[line - 1], lineStarts[line] ?? text.length);
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
