import type { WatchCommand } from '../../../verbs/watch/watch-events.ts';

/** The commands that a program writes, one a line; what is none is left out. `onEnd` is told when the program is gone. */
export async function* readCommands(
  lines: AsyncIterable<string>,
  onEnd: () => void,
): AsyncGenerator<WatchCommand, void, undefined> {
  try {
    for await (const line of lines) {
      const command = commandOf(line);
      if (command !== null) yield command;
    }
  } finally {
    onEnd();
  }
}

function commandOf(line: string): WatchCommand | null {
  try {
    const { do: what, project, paths } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (typeof project !== 'string') return null;
    if (what === 'compare') return { do: 'compare', project };
    const isLook = what === 'look' && Array.isArray(paths) && paths.every((path) => typeof path === 'string');
    return isLook ? { do: 'look', project, paths } : null;
  } catch {
    return null;
  }
}
