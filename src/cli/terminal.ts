import { styleText } from 'node:util';
import type { WriteStream } from 'node:tty';
import { cutToWidth } from './terminal-text.ts';

/** The named styles that output uses; colours fall away with NO_COLOR, without a terminal, and in files. */
type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Where a command prints. Results go to standard output, all else to standard error. */
export interface Terminal {
  /** Writes to standard output as it is; a caller escapes foreign text first. */
  write(text: string): void;
  /** One line on standard error. A progress line on screen is kept below it. */
  note(line: string): void;
  /** Shows or removes (null) the one line at the bottom of standard error. For terminals only. */
  setLiveLine(line: string | null): void;
  /** Styles text that goes to standard output. */
  style(style: Style, text: string): string;
  /** Styles text that goes to standard error. */
  styleNote(style: Style, text: string): string;
  /** Width of standard output. */
  readonly columns: number;
  /** Width of standard error. */
  readonly noteColumns: number;
  /** True when standard error is a terminal that can redraw a line. */
  readonly isLive: boolean;
  /** True when standard output is read by a person. */
  readonly isInteractive: boolean;
}

export interface TerminalStreams {
  readonly stdout: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  readonly stderr: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  /** Width to assume where no terminal tells one. */
  readonly environmentColumns: number | null;
}

const eraseLine = '\r\u001b[2K';

/** A terminal over two streams. */
export function createTerminal(streams: TerminalStreams): Terminal {
  const { stdout, stderr } = streams;
  const isLive = stderr.isTTY === true;
  let live: string | null = null;
  const columnsOf = (stream: TerminalStreams['stdout']): number => stream.columns ?? streams.environmentColumns ?? 100;
  const drawLive = (): string => (live === null ? '' : cutToWidth(live, columnsOf(stderr) - 1));
  const aboveLive = (print: () => void): void => {
    if (live !== null) stderr.write(eraseLine);
    print();
    if (live !== null) stderr.write(drawLive());
  };
  return {
    write: (text) => aboveLive(() => stdout.write(text)),
    note: (line) => aboveLive(() => stderr.write(`${line}\n`)),
    setLiveLine(line) {
      if (!isLive || line === live) return;
      live = line;
      stderr.write(eraseLine + drawLive());
    },
    style: (style, text) => styleText(style, text, { stream: stdout }),
    styleNote: (style, text) => styleText(style, text, { stream: stderr }),
    get columns() {
      return columnsOf(stdout);
    },
    get noteColumns() {
      return columnsOf(stderr);
    },
    isLive,
    isInteractive: stdout.isTTY === true,
  };
}
